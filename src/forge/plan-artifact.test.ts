import fc from "fast-check";
import { expect, test } from "vitest";
import { isName } from "../model/address.ts";
import { planArtifact } from "./reviewed-plan.ts";

test.each([
  ["larkmoor-voice", "production", "rollcall-plan-larkmoor-voice-production"],
  ["voice", "eu-west", "rollcall-plan-voice-eu--west"],
  ["my project: a/b*", "default", "rollcall-plan-my%20project%3A%20a%2Fb%2A-default"],
])("%s in %s", (project, environment, name) => {
  expect(planArtifact(project, environment)).toBe(name);
});

const name = fc.stringMatching(/^[ab](?:[ab.-]{0,4}[ab])?$/).filter((text) => isName(text));
const folder = fc.oneof(
  name,
  fc.string({ unit: fc.constantFrom("a", "b", "-", "*", " ", "/", "é"), minLength: 1 }),
);

test("each project and environment has its own artifact name, and GitHub accepts each name", () => {
  fc.assert(
    fc.property(folder, name, folder, name, (project, environment, other, elsewhere) => {
      const [one, two] = [planArtifact(project, environment), planArtifact(other, elsewhere)];
      expect(one === two).toBe(project === other && environment === elsewhere);
      expect(one).toMatch(/^[^":<>|*?\r\n\\/]+$/);
    }),
    { numRuns: 2000 },
  );
});

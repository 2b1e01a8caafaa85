/** Places of a project where a new manifest would not be read. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";
import { httpTo } from "./http.ts";

const project = (manifests: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: p }\nspec:\n${manifests}  environments: { production: {} }\n`;

let here: Desk;
beforeEach(async () => {
  here = await desk();
  await httpTo(here.emulator.url).post("/ai/assistants", { name: "rollcall", instructions: "Hi" });
});
afterEach(() => here.close());

test("a folder that is another project prevents the pull", async () => {
  await writeFile(join(here.folder, "rollcall.yaml"), project(""));
  await mkdir(join(here.folder, "assistants"));
  await writeFile(join(here.folder, "assistants/rollcall.yaml"), project(""));
  const before = treeOf(here.folder);
  expect(await here.ends(3, "pull")).toContain(
    "the file cannot be made: assistants is another project, with a rollcall.yaml of its own",
  );
  expect(treeOf(here.folder)).toEqual(before);
});

test("a pattern that begins with an exclamation mark does not stand for the files that it does not fit", async () => {
  await writeFile(join(here.folder, "rollcall.yaml"), project("  manifests: ['!old.yaml']\n"));
  await here.ends(0, "pull");
  expect(await readFile(join(here.folder, "rollcall.yaml"), "utf8")).toContain(
    "manifests: ['!old.yaml', assistants]",
  );
});

test("a mistake that was there before, and that the pull does not fix, is named as such", async () => {
  const environments = "environments: { production: {}, staging: { apiKey: { env: TELNYX_STAGING_API_KEY } } }";
  await writeFile(
    join(here.folder, "rollcall.yaml"),
    project("").replace("environments: { production: {} }", environments),
  );
  const manifest = (name: string, more: string, spec = "") =>
    `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name}${more} }\nspec: { instructions: Hi${spec} }\n`;
  const handoff =
    ", tools: [{ type: handoff, handoff: { ai_assistants: [{ name: b, id: { ref: Assistant/one } }] } }]";
  await writeFile(join(here.folder, "one.yaml"), manifest("one", ", environments: [production]"));
  await writeFile(join(here.folder, "two.yaml"), manifest("two", "", handoff));
  const said = await here.ends(3, "pull", "rollcall", "--env", "staging");
  expect(said).toContain("Assistant/two  two.yaml:4:");
  expect(said).toContain(
    "The project has errors that this pull does not fix: correct these manifests, and pull again.",
  );
  expect(said).not.toContain("name the objects");
});

test("an object with the name of the project file gets a manifest with another one", async () => {
  await here.ends(0, "pull");
  expect(Object.keys(treeOf(here.folder))).toContain("assistants/rollcall-1.yaml");
  await here.ends(0, "validate");
  await here.ends(0, "plan", "--detailed-exitcode");
});

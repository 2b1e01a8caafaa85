import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;
let id: string;

const manifest = (lifecycle: string, greeting = "Good day.") => `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: night }
lifecycle: { ${lifecycle} }
spec:
  name: Night desk
  instructions: You answer at night.
  greeting: ${greeting}
`;

const project = (environments: string) => `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: acme }
spec:
  manifests: [night.yaml]
  environments:
${environments}
`;

const write = (file: string, text: string) => writeFile(join(one.folder, file), text);

const ends: Desk["ends"] = (code, ...args) => one.ends(code, ...args);

beforeEach(async () => {
  one = await desk();
  id = one.emulator.portal.create("Assistant", {
    name: "Night desk",
    instructions: "You answer at night.",
    greeting: "Good day.",
  });
  await write("night.yaml", manifest("observe: true"));
  await write("rollcall.yaml", project("    only: {}"));
});
afterEach(() => one.close());

const edit = (greeting: string) => one.emulator.portal.edit("Assistant", id, { greeting });

describe("an observed resource", () => {
  test("is reported by every command", async () => {
    expect(await ends(0, "apply", "--yes")).toContain("Assistant/night  observed");
    expect(await ends(0, "ledger", "list")).toBe(`Assistant/night  ${id}  observed\n`);
    expect(await ends(0, "plan", "--detailed-exitcode")).toContain("Live objects match the manifests.");
    await ends(0, "drift");
    edit("Portal.");
    expect(await ends(0, "plan")).toContain("No changes. Apply writes nothing: what differs is observed.");
    await ends(2, "plan", "--detailed-exitcode");
    expect(await ends(2, "drift")).toContain("Apply does not write to observed resources.");
    expect(await ends(0, "apply", "--yes")).toContain("differs from its manifest");
    expect(one.writes()).toEqual([]);
  });

  test("that does not exist live is reported", async () => {
    one.emulator.portal.delete("Assistant", id);
    expect(await ends(2, "plan", "--detailed-exitcode")).toContain("is observed and does not exist live");
    expect(await ends(2, "drift")).toContain("Assistant/night does not exist live");
    await ends(0, "apply", "--yes");
    expect(one.writes()).toEqual([]);
  });

  test("has its live values written into the manifest on request", async () => {
    await ends(0, "apply", "--yes");
    edit("Portal.");
    await ends(0, "drift", "--propose");
    expect(await readFile(join(one.folder, "night.yaml"), "utf8")).toBe(manifest("observe: true", "Portal."));
    await ends(0, "plan", "--detailed-exitcode");
    await ends(0, "apply", "--yes");
    await write("night.yaml", manifest("observe: true", "Manifest."));
    expect(await ends(2, "drift", "--propose")).toContain("only the manifest changed");
    edit("Portal again.");
    expect(await ends(0, "apply", "--yes", "--on-conflict=adopt")).toContain("Wrote night.yaml");
    await ends(0, "plan", "--detailed-exitcode");
    expect(one.writes()).toEqual([]);
  });

  test("is followed by pull --update", async () => {
    await ends(0, "apply", "--yes");
    edit("Portal.");
    await ends(0, "pull", "--update");
    expect(await readFile(join(one.folder, "night.yaml"), "utf8")).toBe(manifest("observe: true", "Portal."));
    await ends(0, "plan", "--detailed-exitcode");
    await write("night.yaml", manifest("observe: true", "Manifest."));
    await ends(0, "pull", "--update");
    expect(await readFile(join(one.folder, "night.yaml"), "utf8")).toBe(manifest("observe: true", "Manifest."));
    edit("Portal again.");
    await ends(2, "pull", "--update");
    expect(await readFile(join(one.folder, "night.yaml"), "utf8")).toContain("greeting: Manifest.");
    expect(one.writes()).toEqual([]);
  });

  test("may be imported by id if several have its name", async () => {
    one.emulator.portal.create("Assistant", { name: "Night desk", instructions: "Another one." });
    await ends(4, "apply", "--yes");
    await ends(0, "import", "Assistant/night", id);
    expect(await ends(0, "ledger", "list")).toBe(`Assistant/night  ${id}  observed\n`);
    await ends(0, "apply", "--yes");
    await ends(0, "plan", "--detailed-exitcode");
  });
});

describe("what is pulled", () => {
  test.each([
    ["into an environment that observes", "observe: true", []],
    ["with --observe", "", ["--observe"]],
  ])("%s is observed and unchanged", async (_, environment, options) => {
    await rm(join(one.folder, "night.yaml"));
    await write(
      "rollcall.yaml",
      project(`    only: { ${environment} }`).replace("  manifests: [night.yaml]\n", ""),
    );
    const version = { assistant_id: id, greeting: "New.", version_name: "next" };
    const next = one.emulator.portal.create("AssistantVersion", version).split("/")[1] ?? "";
    const rules = [{ serve: { rollout: [{ version_id: next, weight: 10 }] } }];
    one.emulator.portal.create("CanaryDeploy", { assistant_id: id, rules });
    await ends(0, "pull", ...options);
    await ends(0, "validate");
    expect(await ends(0, "plan", "--detailed-exitcode")).toContain("3 resources, as declared");
    expect((await ends(0, "ledger", "list")).match(/ observed$/gm)).toHaveLength(3);
    edit("Portal.");
    await ends(2, "drift");
    await ends(0, "apply", "--yes");
    expect(one.writes()).toEqual([]);
  });
});

describe("an environment with observe", () => {
  const both = project("    production: {}\n    watch: { observe: true }");

  test("may have objects that another environment manages", async () => {
    await write("rollcall.yaml", both);
    await write("night.yaml", manifest("protect: true"));
    await ends(0, "apply", "--yes", "--env=watch");
    expect(one.writes()).toEqual([]);
    await write("night.yaml", manifest("protect: true", "New."));
    await ends(0, "apply", "--yes", "--env=production", "--adopt");
    expect(one.writes()).toHaveLength(1);
    await ends(0, "apply", "--yes", "--env=watch");
    await ends(0, "plan", "--env=watch", "--detailed-exitcode");
    await ends(0, "destroy", "--yes", "--env=watch");
    expect(one.writes()).toEqual([]);
  });

  test("refuses an older saved plan", async () => {
    await write("rollcall.yaml", project("    only: {}"));
    await write("night.yaml", manifest("protect: true"));
    await ends(0, "apply", "--yes");
    await write("night.yaml", manifest("protect: true", "New."));
    await ends(0, "plan", "--out", "saved.json");
    await write("rollcall.yaml", project("    only: { observe: true }"));
    await ends(4, "apply", "saved.json", "--allow-equivalent");
    await ends(4, "apply", "saved.json");
    expect(one.writes()).toEqual([]);
  });
});

import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PACKAGED_SCHEMA } from "../../src/cli/scaffold/editor.ts";
import { desk, type Desk } from "../e2e/cli.ts";
import { openWorkspace, type EditorWorkspace } from "./workspace.ts";

const PUBLISHED = resolve(import.meta.dirname, "../../schema/rollcall.schema.json");

const HEAD = "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec:\n";

describe.each([
  ["with a copy of the schema", false],
  ["with Rollcall in node_modules", true],
])("a folder of init in an editor, %s", (_, isInstalled) => {
  let open: Desk;
  let editor: EditorWorkspace;

  beforeAll(async () => {
    open = await desk();
    if (isInstalled) {
      const target = join(open.folder, PACKAGED_SCHEMA);
      await mkdir(dirname(target), { recursive: true });
      await cp(PUBLISHED, target);
    }
    expect((await open.rollcall("init")).code).toBe(0);
    editor = await openWorkspace(open.folder);
  });

  afterAll(async () => {
    editor.close();
    await open.close();
  });

  test("files that init writes have no errors", async () => {
    for (const path of ["rollcall.yaml", "assistants/front-desk.yaml", "tests/front-desk.yaml"]) {
      const text = await readFile(join(open.folder, path), "utf8");
      expect(await editor.marks(path, text), path).toEqual([]);
    }
  });

  test("completion below spec of an assistant proposes its fields", async () => {
    const text = `${HEAD}  instructions: x\n  gr\n`;
    const proposals = await editor.proposals("assistants/new.yaml", text, { line: 5, character: 4 });
    expect(proposals).toContain("greeting");
    expect(proposals).not.toContain("rubric");
  });

  test("hover shows the text of explain", async () => {
    const text = `${HEAD}  instructions: x\n  greeting: Hi\n`;
    const shown = await editor.hover("assistants/hover.yaml", text, { line: 5, character: 4 });
    const { stdout } = await open.rollcall("explain", "Assistant.spec.greeting", "--format", "json");
    const { explanations } = JSON.parse(stdout) as { explanations: readonly { description: string }[] };
    expect(shown).toContain(explanations[0]?.description.split(";")[0] ?? "nothing is explained");
  });

  test("a typo is marked", async () => {
    const marks = await editor.marks("assistants/typo.yaml", `${HEAD}  instructions: x\n  greting: Hi\n`);
    expect(marks.join()).toContain("greting");
  });

  test("a chat script beside manifests is checked as one, and its fields are proposed", async () => {
    const script = "turns:\n  - say: Hello\n    expect: { contains: hello }\n";
    expect(await editor.marks("tests/chat.yaml", script)).toEqual([]);
    expect((await editor.marks("tests/typo.yaml", "turns:\n  - sya: Hello\n")).join()).toContain("sya");
    const proposals = await editor.proposals("tests/new.yaml", "turns:\n  - say: Hello\n    ex\n", {
      line: 2,
      character: 6,
    });
    expect(proposals).toContain("expect");
    expect(proposals).not.toContain("apiVersion");
  });

  test("other YAML files are not validated", async () => {
    expect(await editor.marks("compose.yaml", "services: {}\n")).toEqual([]);
  });
});

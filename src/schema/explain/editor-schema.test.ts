import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLanguageServer, type LanguageServer, type Place } from "../../../test/editor/language-server.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { editorSchema } from "./editor-schema.ts";

const FILE = resolve(import.meta.dirname, "../../../schema/rollcall.schema.json");
const byName = new Map(kinds.map((kind) => [kind.kind, kind]));

test("the published schema is generated from the kinds", () => {
  expect(JSON.parse(readFileSync(FILE, "utf8"))).toEqual(editorSchema(byName));
});

describe("in a validator", () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(editorSchema(byName));
  const manifest = (kind: string, spec: unknown) => ({
    apiVersion: "rollcall.dev/v1",
    kind,
    metadata: { name: "x" },
    spec,
  });

  test.each(kinds.map((kind) => [kind.kind, kind.schema["examples"]] as const))(
    "%s: its examples fit",
    (kind, examples) => {
      for (const example of examples as unknown[]) {
        expect(validate(manifest(kind, example)), JSON.stringify(validate.errors)).toBe(true);
      }
      expect(examples).not.toHaveLength(0);
    },
  );

  test.each([
    ["a text from a file", { instructions: { file: "p.md", vars: true } }],
    [
      "a text from a file in a nullable field",
      { tools: [{ type: "send_message", send_message: { message_template: { file: "sms.txt" } } }] },
    ],
    [
      "null in a nullable text",
      { tools: [{ type: "send_message", send_message: { message_template: null } }] },
    ],
    ["a reference", { instructions: "x", tool_ids: [{ ref: "Tool/open-ticket" }, "tool-1"] }],
    ["a variable in place of a closed value", { instructions: "x", enabled_features: ["${var.feature}"] }],
    ["a value that Telnyx added since", { instructions: "x", transcription: { model: "acme/new" } }],
  ])("it takes %s", (_, spec) => {
    const whole = manifest("Assistant", { instructions: "x", ...spec });
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ["an unknown field", { instructions: "x", greting: "Hi" }],
    ["a wrong type", { instructions: 7 }],
    ["a closed value that is not listed", { instructions: "x", enabled_features: ["fax"] }],
    ["an include with other keys", { instructions: { file: "p.md", encoding: "utf8" } }],
  ])("it rejects %s", (_, spec) => {
    expect(validate(manifest("Assistant", spec))).toBe(false);
  });

  test("it knows the project file", () => {
    const spec = { manifests: ["a"], environments: { staging: { apiKey: { env: "KEY" } } } };
    expect(validate(manifest("Project", spec)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(manifest("Project", { manifest: [] }))).toBe(false);
  });
});

describe("in the YAML language server", () => {
  let server: LanguageServer;
  beforeAll(async () => {
    server = await startLanguageServer({ "yaml.schemas": { [pathToFileURL(FILE).href]: "*.yaml" } });
  });
  afterAll(() => server.stop());

  let count = 0;
  const problems = (text: string) => server.show(`file:///manifest-${++count}.yaml`, text);
  const ask = async (what: "hover" | "completion", text: string, at: Place) => {
    await problems(text);
    return server.ask(`textDocument/${what}`, `file:///manifest-${count}.yaml`, at);
  };

  const head = "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec:\n";

  test("hover describes a field", async () => {
    const answer = await ask("hover", `${head}  greeting: Hello\n`, {
      line: 4,
      character: 4,
    });
    expect(JSON.stringify(answer)).toContain("What the assistant says first");
  });

  test("completion proposes the fields of the kind", async () => {
    const labels = labelsOf(
      await ask("completion", `${head}  instructions: x\n  gr\n`, {
        line: 5,
        character: 4,
      }),
    );
    expect(labels).toContain("greeting");
    expect(labels).not.toContain("rubric");
  });

  test("completion proposes values, known and closed ones", async () => {
    const text = `${head}  instructions: x\n  transcription:\n    model: \n`;
    expect(labelsOf(await ask("completion", text, { line: 6, character: 11 }))).toContain("deepgram/nova-3");
    const kind = "apiVersion: rollcall.dev/v1\nkind: \n";
    expect(labelsOf(await ask("completion", kind, { line: 1, character: 6 }))).toEqual(
      expect.arrayContaining(["Assistant", "Tool", "Project"]),
    );
  });

  test("a mistyped field is marked, and a valid manifest is not", async () => {
    expect((await problems(`${head}  instructions: x\n  greting: Hi\n`)).join()).toContain("greting");
    const sound = `${head}  instructions: { file: prompts/desk.md }\n  tool_ids: [{ ref: Tool/open-ticket }]\n`;
    expect(await problems(sound)).toEqual([]);
  });
});

function labelsOf(answer: unknown): readonly string[] {
  const items = (answer as { items?: { label: string }[] } | null)?.items ?? [];
  return items.map(({ label }) => label);
}

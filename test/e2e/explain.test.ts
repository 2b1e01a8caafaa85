import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { property, type Json } from "../../src/model/json.ts";
import { DIAGNOSTIC_RULES } from "../../src/schema/diagnostics/diagnostics-table.ts";
import { desk, type Desk } from "./cli.ts";

let open: Desk;

beforeAll(async () => {
  open = await desk();
});

afterAll(() => open.close());

const explain = (...args: readonly string[]) => open.rollcall("explain", ...args);

describe("rollcall explain", () => {
  test("without a path: every kind with a sentence", async () => {
    const { code, stdout, stderr } = await explain();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ {2}Assistant {10}An AI assistant for calls and messages\.$/m);
    expect(stdout).toMatch(/^ {2}Project {12}A project: one `rollcall\.yaml` at its root\.$/m);
    expect(stdout).toContain("rollcall explain Assistant.spec.voice_settings");
  });

  test("a field, as a page", async () => {
    const { stdout } = await explain("Assistant.spec.voice_settings.background_audio");
    expect(stdout).toBe(`Assistant.spec.voice_settings.background_audio   one of 3 shapes

  Sound that plays under the conversation.

  Required   no

Fields
  type *   text   Which shape it is. (predefined_media | media_url | media_name)

With type: predefined_media   One of the sounds that Telnyx offers.
  value *   text     Which sound; \`silence\` switches background audio off. (silence | office;
                     default silence)
  volume    number   How loud it is, from 0.1 to 1 in steps of 0.1. (0.1 | 0.2 | 0.3 | 0.4 | 0.5 | 5
                     more; default 1)

With type: media_url   An MP3 file on the web.
  value *   text   The address of the MP3 file.

With type: media_name   A file in Telnyx Media Storage.
  value *   text   The name under which the file was uploaded.

Example
  spec:
    instructions: You answer the phone at Acme. Be brief and warm.
    voice_settings:
      voice: Telnyx.KokoroTTS.af_heart
      background_audio:
        type: predefined_media
        value: office

* is required.
`);
  });

  test("a value: type, bounds, default, and the effect of removing it", async () => {
    const { stdout } = await explain("Assistant.spec.dynamic_variables_webhook_timeout_ms");
    expect(stdout).toContain("whole number");
    expect(stdout).toMatch(/^ {2}Limits {5}1 to 10000$/m);
    expect(stdout).toMatch(/^ {2}Default {4}1500$/m);
    expect(stdout).toContain(
      "When removed from the manifest, it keeps its live value and is no longer managed.",
    );
  });

  test("open values: other values are accepted", async () => {
    const { stdout } = await explain("Assistant.spec.transcription.model");
    expect(stdout).toMatch(/Known {6}deepgram\/flux, /);
    expect(stdout).toContain("others pass with a warning");
  });

  test("a field with several meanings: a page for each", async () => {
    const { stdout } = await explain("Assistant.spec.voice_settings.background_audio.value");
    expect(stdout.match(/^Only with type: \w+$/gm)).toEqual([
      "Only with type: predefined_media",
      "Only with type: media_url",
      "Only with type: media_name",
    ]);
  });

  test.each([
    ["Assistant.spec.greting", 'Assistant.spec has no field "greting"', 'did you mean "greeting"?'],
    ["Asistant", 'there is no kind "Asistant"', 'did you mean "Assistant"?'],
  ])("%s: exit 1 with a suggestion", async (path, message, hint) => {
    expect(await explain(path)).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: ${message}\nhelp: ${hint}\n`,
    });
  });

  test("as JSON", async () => {
    const kinds = JSON.parse((await explain("--format", "json")).stdout) as Json;
    expect(property(kinds, "kinds")).toContainEqual({
      kind: "Tool",
      description: "A tool that several assistants share.",
    });
    const { code, stdout } = await explain("Project.spec.environments", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      explanations: [
        {
          path: "Project.spec.environments",
          required: false,
          groups: [{ title: "Fields of each entry" }],
          example: { value: { spec: { environments: { production: {} } } } },
        },
      ],
    });
    expect(stdout).toContain('"name": "apiKey"');
  });
});

describe("rollcall explain with a code", () => {
  const SRC = resolve(import.meta.dirname, "../../src");
  /** Every code that stands anywhere in the code as a text of its own. */
  const reported = new Set(
    readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((path) => /^(?!.*diagnostics-table).*(?<!\.test)\.ts$/.test(path))
      .flatMap((path) => readFileSync(join(SRC, path), "utf8").match(/(?<=["`])RC\d{4}(?=["`])/g) ?? []),
  );

  test("has a page for every code that is reported, and for no other", async () => {
    expect(reported.size).toBeGreaterThan(80);
    for (const code of reported) {
      const { stdout } = await explain(code);
      expect(stdout).toMatch(new RegExp(`^${code}: \\S.* {3}(error|warning|note)\n\n {2}\\S`));
      expect(stdout).toMatch(/\n\nWhat to do\n\n {2}\S.*\n\nExample\n\n {2}\S/s);
    }
    expect(DIAGNOSTIC_RULES.map(({ code }) => code).filter((code) => !reported.has(code))).toEqual([]);
  });

  test("as a page, in any case, and as JSON", async () => {
    const { stdout } = await explain("rc2004");
    expect(stdout).toMatch(/^RC2004: unknown field {3}error\n/);
    const json: unknown = JSON.parse((await explain("RC2004", "--format", "json")).stdout);
    expect(json).toMatchObject({
      diagnostics: [{ code: "RC2004", severity: "error", title: "unknown field" }],
    });
    const silenced = DIAGNOSTIC_RULES.find((rule) => "ignorable" in rule);
    expect((await explain(silenced?.code ?? "")).stdout).toContain(
      `# rollcall-ignore ${silenced?.code}: reason`,
    );
  });

  test("that does not exist: exit 1", async () => {
    const { code, stderr } = await explain("RC9999");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "error: there is no diagnostic RC9999\nhelp: every code is in docs/diagnostics.md\n",
    });
  });
});

describe("rollcall schema", () => {
  test("prints the schema of everything and of one kind", async () => {
    const all = JSON.parse((await open.rollcall("schema")).stdout) as Json;
    expect(property(property(all, "definitions"), "Assistant")).toBeDefined();
    const one = JSON.parse((await open.rollcall("schema", "McpServer")).stdout) as Json;
    expect(property(property(one, "properties"), "url")).toBeDefined();
  });

  test("exits with 1 for an unknown kind", async () => {
    const { code, stderr } = await open.rollcall("schema", "McpSever");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: there is no kind "McpSever" with its own schema\nhelp: did you mean "McpServer"?\n',
    });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../model/explanation.ts";
import { isObject, property, stringify, type Json, type JsonObject } from "../../model/json.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { resolved, shapeOf } from "./shape.ts";
import { envelopeSchema } from "../check/envelope-schema.ts";
import { projectSchema } from "../check/project-schema.ts";
import { explain, explainableKinds } from "./explain.ts";
import { loadProject } from "../load.ts";

const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));

/** Every path of a schema; a tree that contains itself is walked once. */
function pathsIn(
  root: JsonObject,
  schema: JsonObject,
  path: string,
  inside: readonly Json[] = [],
): readonly string[] {
  const { fields, variants, entry, member } = shapeOf(root, resolved(root, schema));
  const key = schema["oneOf"] ?? schema["properties"] ?? null;
  if (key !== null && inside.includes(key)) return [path];
  const below = (sub: JsonObject, to: string) => pathsIn(root, sub, to, [...inside, key]);
  return [
    path,
    ...(entry === undefined ? [] : below(entry, `${path}[]`)),
    ...(member === undefined ? [] : below(member, `${path}[any]`)),
    ...(variants === undefined ? [] : [`${path}.${variants.by}`]),
    ...(variants?.branches ?? []).flatMap((one) =>
      below(one.schema, `${path.replace(/\[\]$/, "")}[${one.tag}]`),
    ),
    ...fields
      .filter(({ name }) => name !== variants?.by)
      .flatMap(({ name, schema }) => below(schema, `${path}.${name}`)),
  ];
}

function allPaths(kind: string): readonly string[] {
  const spec = KINDS.get(kind)?.schema;
  if (spec === undefined) return pathsIn(projectSchema, projectSchema, kind);
  const { spec: _, ...properties } = envelopeSchema.properties;
  const envelope = { ...envelopeSchema, properties };
  return [...pathsIn(envelope, envelope, kind), ...pathsIn(spec, spec, `${kind}.spec`)];
}

const told = new Map<string, readonly Explanation[]>();

function explained(path: string): readonly Explanation[] {
  const known = told.get(path);
  if (known !== undefined) return known;
  const found = explain(KINDS, path);
  if ("missing" in found) throw new Error(found.missing.message);
  told.set(path, found.explanations);
  return found.explanations;
}

function only(path: string): Explanation {
  const [first, ...more] = explained(path);
  if (first === undefined || more.length > 0) throw new Error(`${path} has ${more.length + 1} meanings`);
  return first;
}

describe("every path of every kind", () => {
  test.each([...KINDS.keys(), "Project"])("%s: has a description and an example", (kind) => {
    const paths = allPaths(kind);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      for (const { description, example, type } of explained(path)) {
        expect(description, path).not.toBe("");
        expect(type, path).not.toBe("");
        expect(example, path).toBeDefined();
      }
    }
  });

  test.each([...KINDS.keys()])("%s: every example is a valid manifest", async (kind) => {
    const examples = allPaths(kind).flatMap((path) =>
      explained(path).map(({ example }) => manifestOf(kind, example?.value ?? null)),
    );
    const unique = [...new Set(examples.map((manifest) => stringify(manifest)))].map((text) =>
      JSON.parse(text),
    );
    expect(await problemsIn(unique)).toEqual([]);
  });

  test("Project: every example is a valid rollcall.yaml", async () => {
    for (const path of allPaths("Project")) {
      for (const { example } of explained(path)) {
        const project = manifestOf("Project", example?.value ?? null);
        expect(await problemsIn([], project), path).toEqual([]);
      }
    }
  });
});

/** The example with everything that is not a part of it. */
function manifestOf(kind: string, example: Json): JsonObject {
  const whole = only(kind).example?.value;
  if (!isObject(whole) || !isObject(example)) throw new Error("no mapping");
  return { ...whole, ...example };
}

const front = manifestOf("Assistant", {});

/** What examples refer to. */
const companions: readonly JsonObject[] = [
  front,
  manifestOf("Tool", {}),
  { ...manifestOf("McpServer", {}), metadata: { name: "example" } },
  manifestOf("AssistantVersion", {}),
];

/** What is not the example's fault. */
const APART = new Map([
  ["RC3006", "two examples in one project are twins"],
  ["RC3007", "an expression speaks of a variable that the example has no room to declare"],
  ["RC3016", "the example of the older form has that form"],
  ["RC4004", "no manifest uses the variable of the project"],
]);

/** Errors and warnings of a project of these manifests, each with a name of its own. */
async function problemsIn(manifests: readonly JsonObject[], project?: JsonObject): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-explain-"));
  try {
    const texts = manifests.map((manifest, index) => {
      const name = String(property(manifest["metadata"], "name"));
      const named = { ...manifest, metadata: { name: `${name}-${index}` } };
      return stringify(named).replaceAll("old-name", `old-name-${index}`);
    });
    const all = [...texts, ...companions.map((one) => stringify(one))];
    for (const name of ["assistants", "tools"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "assistants/all.yaml"), all.join("\n---\n"));
    if (project !== undefined) await writeFile(join(folder, "rollcall.yaml"), stringify(project));
    const { diagnostics } = await loadProject({ path: folder, env: {}, kinds: KINDS });
    return diagnostics
      .filter(({ severity, code }) => severity !== "info" && !APART.has(code))
      .map(({ code, message, range }) => `${code} ${message}: ${all[((range?.start.line ?? 1) - 1) / 2]}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the list of kinds names all of them, and the project", () => {
  expect(explainableKinds(KINDS).map(({ kind }) => kind)).toEqual([...KINDS.keys(), "Project"]);
});

describe("what is said", () => {
  test("about a number: bounds and default", () => {
    const told = only("Assistant.spec.dynamic_variables_webhook_timeout_ms");
    expect(told).toMatchObject({
      type: "whole number",
      required: false,
      limits: ["1 to 10000"],
      default: 1500,
    });
  });

  test("about a one-of: each variant with its fields, and the field that selects the variant", () => {
    const told = only("Assistant.spec.voice_settings.background_audio");
    expect(told.type).toBe("one of 3 shapes");
    expect(told.groups.map(({ title }) => title)).toEqual([
      "Fields",
      "With type: predefined_media",
      "With type: media_url",
      "With type: media_name",
    ]);
    expect(told.groups[0]?.fields).toMatchObject([{ name: "type", required: true }]);
    expect(told.groups[1]?.fields).toMatchObject([
      { name: "value", type: "text", required: true, details: ["silence | office", "default silence"] },
      { name: "volume", type: "number", required: false },
    ]);
  });

  test("about a field that differs in every variant", () => {
    const told = explained("Assistant.spec.voice_settings.background_audio.value");
    expect(told.map(({ path, when }) => [path, when])).toEqual([
      ["Assistant.spec.voice_settings.background_audio[predefined_media].value", ["type: predefined_media"]],
      ["Assistant.spec.voice_settings.background_audio[media_url].value", ["type: media_url"]],
      ["Assistant.spec.voice_settings.background_audio[media_name].value", ["type: media_name"]],
    ]);
    expect(told[0]?.allowed).toEqual(["silence", "office"]);
    expect(told[1]?.allowed).toBeUndefined();
  });

  test("about a field that is the same in all variants: once", () => {
    expect(only("Assistant.spec.conversation_flow.nodes[].id").when).toEqual([]);
    expect(only("Assistant.spec.conversation_flow.nodes[].message".replace("[]", "[tool]")).required).toBe(
      false,
    );
  });

  test("about closed values, open values, and values of a list", () => {
    expect(only("AssistantTest.spec.telnyx_conversation_channel").allowed).toContain("sms_chat");
    const open = only("Assistant.spec.transcription.model");
    expect(open.known).toContain("deepgram/flux");
    expect(open.allowed).toBeUndefined();
    expect(only("Assistant.spec.enabled_features").allowed).toEqual(["telephony", "messaging"]);
    expect(only("Assistant.spec.tools.type").known).toContain("handoff");
  });

  test("about references, secrets and the effect on the live value", () => {
    expect(only("Assistant.spec.tool_ids")).toMatchObject({
      type: "list of references to Tool",
      refersTo: ["Tool"],
    });
    expect(only("CanaryDeploy.spec.rules.serve.version_id").refersTo).toEqual(["AssistantVersion"]);
    expect(only("McpServer.spec.api_key_ref").notes).toEqual([
      "The name of an integration secret, never the secret itself.",
      "When removed from the manifest, it is cleared live.",
    ]);
    expect(only("AssistantTest.spec.assistant").notes).toContain("Used by Rollcall only; never sent.");
    expect(only("Assistant.spec.tags").notes.join()).toContain("undeclared live entries are kept");
  });

  test("about rules between fields", () => {
    expect(only("CanaryDeploy.spec.rules[].serve").notes).toContain(
      "Exactly one of `version_id` or `rollout` is required.",
    );
    expect(only("CanaryDeploy.spec").notes).toEqual([
      "`rules` and `versions` cannot be used together.",
      "`rules` is required unless `versions` is set.",
    ]);
    expect(only("Assistant.spec.websocket_settings").notes).toContain(
      "`url` is required when `enabled` is true.",
    );
    expect(only("Project.spec.environments[x].patches").notes).toEqual([]);
    expect(only("Project.spec.environments[x].patches[]").notes).toContain("`path` requires `value`.");
  });

  test("about a recursive schema, at any depth", () => {
    const deep = only("Assistant.spec.conversation_flow.edges.condition.expression.left.right.operands");
    expect(deep.type).toBe("list of shapes");
    expect(deep.path).toBe(
      "Assistant.spec.conversation_flow.edges[].condition[expression].expression.left.right[bool_op].operands",
    );
  });

  test("about maps: the key may be anything, or left out", () => {
    const expected = "Project.spec.environments.<name>.apiKey.env";
    for (const path of [
      "environments.production.apiKey.env",
      "environments[x].apiKey.env",
      "environments.apiKey.env",
    ])
      expect(only(`Project.spec.${path}`).path).toBe(expected);
  });

  test("about a kind: the fields of the manifest, then those of its spec, and a whole manifest", () => {
    const told = only("AssistantVersion");
    expect(told.groups.map(({ title }) => title)).toEqual(["Fields", "Fields of spec"]);
    expect(told.example?.value).toMatchObject({
      kind: "AssistantVersion",
      spec: { assistant: { ref: "Assistant/front-desk" } },
    });
    expect(told.notes).toContain("What `changes` does not declare follows the resource in `assistant`.");
  });
});

describe("how a path may be written", () => {
  test.each([
    ["Assistant.greeting", "Assistant.spec.greeting"],
    ["Assistant.spec.tools", "Assistant.spec.tools"],
    ["Assistant.spec.tools[]", "Assistant.spec.tools[]"],
    ["Assistant.spec.tools[0]", "Assistant.spec.tools[]"],
    ["Assistant.spec.tools[webhook]", "Assistant.spec.tools[webhook]"],
    ["Assistant.spec.tools[type=webhook]", "Assistant.spec.tools[webhook]"],
    ["Assistant.spec.tools[webhook:look_up].webhook.url", "Assistant.spec.tools[webhook].webhook.url"],
    ["Assistant.spec.tools.webhook.url", "Assistant.spec.tools[webhook].webhook.url"],
    [
      "Assistant.spec.voice_settings.background_audio.media_url",
      "Assistant.spec.voice_settings.background_audio[media_url]",
    ],
    ["Assistant.spec.mcp_servers.allowed_tools", "Assistant.spec.mcp_servers[].allowed_tools"],
    ["Assistant.spec.mcp_servers[crm].allowed_tools[0]", "Assistant.spec.mcp_servers[].allowed_tools[]"],
    ["Tool.spec.webhook.url", "Tool.spec[webhook].webhook.url"],
  ])("%s is %s", (path, expected) => {
    expect(only(path).path).toBe(expected);
  });

  test.each([
    ["Asistant", 'there is no kind "Asistant"', 'did you mean "Assistant"?'],
    ["Assistant.spec.greting", 'Assistant.spec has no field "greting"', 'did you mean "greeting"?'],
    ["Assistant.metdata", 'Assistant has no field "metdata"', 'did you mean "metadata"?'],
    ["Assistant.greting", 'Assistant.spec has no field "greting"', 'did you mean "greeting"?'],
    ["Assistant.spec.tools.webhok", 'Assistant.spec.tools has no field "webhok"', 'did you mean "webhook"?'],
    ["Assistant.spec.tools[webhok]", 'Assistant.spec.tools has no shape "webhok"', 'did you mean "webhook"?'],
    [
      "Assistant.spec.greeting.x",
      "there is nothing below Assistant.spec.greeting",
      "rollcall explain 'Assistant.spec.greeting'",
    ],
    ["Assistant.spec.greeting[]", 'Assistant.spec.greeting is not a list: "[]" does not exist', undefined],
    [
      "Assistant.spec.dynamic_variables.x",
      "Assistant.spec.dynamic_variables takes any content",
      "rollcall explain 'Assistant.spec.dynamic_variables'",
    ],
    ["Assistant/front-desk", '"Assistant/front-desk" is an address, not a path', "rollcall explain Assistant"],
    ["Assistant..x", '"Assistant..x" is not a path', "a path is Kind.field.field: Assistant.spec.greeting"],
    ["", '"" is not a path', "a path is Kind.field.field: Assistant.spec.greeting"],
    [
      "Assistant.spec.constructor",
      'Assistant.spec has no field "constructor"',
      expect.stringContaining("its fields: "),
    ],
    ["Assistant.__proto__", 'Assistant has no field "__proto__"', expect.stringContaining("its fields: ")],
  ])("%s: %s", (path, message, hint) => {
    expect(explain(KINDS, path)).toEqual({ missing: { message, hint } });
  });
});

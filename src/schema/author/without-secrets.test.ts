import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyField } from "../../../test/specification/every-field/specs.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { overlay } from "../../reconcile/compare/overlay.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { declaredFields } from "./declared-fields.ts";
import { withoutSecrets } from "./without-secrets.ts";

function kindOf(name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

const assistant = kindOf("Assistant");
/** Built here, so that no file holds what looks like a secret. */
const KEY = ["KEY", "0123456789ABCDEF", "0123456789ABCDEF"].join("");
const SECRET = "{{#integration_secret}}desk{{/integration_secret}}";

const webhook = (name: string, headers: readonly JsonObject[]) => ({
  type: "webhook",
  webhook: { name, description: "d", url: "https://acme.example", headers },
});

const left = (spec: JsonObject, kind = assistant) =>
  withoutSecrets({ instructions: "Hi", ...spec }, kind).left.map(({ pointer, undeclared }) => [
    pointer,
    undeclared,
  ]);

describe("values of headers", () => {
  const header = (name: string, value: string) =>
    left({ tools: [webhook("a", [{ name, value }])] }).length === 0;

  test.each([
    ["Content-Type", "application/json"],
    ["X-Tenant", "acme"],
    ["X-Api-Version", "2024-06-01"],
    ["Authorization", SECRET],
    ["Authorization", `Bearer ${SECRET}`],
    ["X-Caller", "{{telnyx_end_user_target}}"],
    ["X-Author", "Jo"],
    ["X-Api-Key", ""],
  ])("%s: %s is written", (name, value) => expect(header(name, value)).toBe(true));

  test.each([
    ["X-Api-Key", "hunter2"],
    ["Authorization", "Basic abc"],
    ["Cookie", "a=b"],
    ["X-Tenant", "a1b2c3d4e5f6a7b8c9"],
    ["X-Tenant", KEY],
    ["X-Tenant", "***"],
    ["X-Tenant", "sk-****cdef"],
    ["Authorization", `Bearer ${SECRET} and more`],
  ])("%s: %s is not", (name, value) => expect(header(name, value)).toBe(false));
});

describe("the smallest block that keeps its live value is left undeclared", () => {
  test("the value of a header, and other values of the header are declared", () => {
    const result = withoutSecrets(
      {
        instructions: "Hi",
        tools: [
          webhook("a", [
            { name: "X-Tenant", value: "acme" },
            { name: "X-Api-Key", value: "hunter2" },
          ]),
        ],
      },
      assistant,
    );
    expect(result.left).toEqual([
      {
        pointer: "/tools/0/webhook/headers/1/value",
        undeclared: "/tools/0/webhook/headers/1/value",
        why: "it may be a secret",
        hint: "store it as an integration secret, and name that in the manifest",
      },
    ]);
    expect(result.spec["tools"]).toEqual([
      webhook("a", [{ name: "X-Tenant", value: "acme" }, { name: "X-Api-Key" }]),
    ]);
  });

  test("all headers, if each needs its value", () => {
    const a2a_agents = [
      { name: "a", url: "https://acme.example", headers: [{ name: "X-Api-Key", value: "hunter2" }] },
    ];
    expect(left({ a2a_agents })).toEqual([["/a2a_agents/0/headers/0/value", "/a2a_agents/0/headers"]]);
  });

  test("all tools, if two have the same name", () => {
    const tools = [webhook("a", [{ name: "X-Api-Key", value: "hunter2" }]), webhook("a", [])];
    expect(left({ tools })).toEqual([["/tools/0/webhook/headers/0/value", "/tools"]]);
  });

  test("all tools, where the name of one is a secret", () => {
    expect(left({ tools: [webhook(KEY, [])] })).toEqual([["/tools/0/webhook/name", "/tools"]]);
  });

  test("one dynamic variable, and not the others", () => {
    const dynamic_variables = { a: { deep: [KEY] }, b: "x" };
    expect(left({ dynamic_variables })).toEqual([["/dynamic_variables/a/deep/0", "/dynamic_variables/a"]]);
  });

  test("a block with nothing else in it", () => {
    expect(left({ dynamic_variables: { a: KEY } })).toEqual([["/dynamic_variables/a", "/dynamic_variables"]]);
  });

  test("a list whose elements have no names", () => {
    const messages = [{ type: "request_start", content: KEY }];
    const tools = [{ type: "webhook", webhook: { ...webhook("a", []).webhook, messages } }];
    expect(left({ tools })).toEqual([["/tools/0/webhook/messages/0/content", "/tools/0/webhook/messages"]]);
  });

  test("the whole object, if it requires the value", () => {
    const result = withoutSecrets({ name: "a", instructions: `Say ${KEY}` }, assistant);
    expect(result.left).toMatchObject([{ pointer: "/instructions", undeclared: "" }]);
    expect(result.spec).toEqual({});
  });
});

test.each<[string, JsonObject, string]>([
  ["a control character", { greeting: "Hi\u0007" }, "it contains the control character U+0007"],
  ["half a surrogate pair in text", { greeting: "Hi\uD800" }, "it contains the control character U+D800"],
  [
    "a mapping that looks like a file",
    { dynamic_variables: { a: { file: "x" } } },
    "in a manifest it would name a file",
  ],
  [
    "a mapping that looks like a reference",
    { dynamic_variables: { a: { ref: "Tool/x" } } },
    "in a manifest it would be a reference",
  ],
  [
    "a variable in a key",
    { dynamic_variables: { "${var.x}": 1 } },
    "a manifest cannot have a field of this name",
  ],
  ["a forbidden key", { dynamic_variables: { constructor: 1 } }, "a manifest cannot have a field of this name"],
  ["an inexact number", { dynamic_variables: { a: 1e20 } }, "a manifest would hold another number"],
])("%s is left out, because a manifest cannot have it", (_, spec, why) => {
  expect(withoutSecrets({ instructions: "Hi", ...spec }, assistant).left).toMatchObject([{ why }]);
});

test("references and ids of other objects are written", () => {
  expect(
    left({ tool_ids: [{ ref: "Tool/x" }, "tool-1"], mcp_servers: [{ id: { ref: "McpServer/x" } }] }),
  ).toEqual([]);
});

test("left out values keep their live value", () => {
  const specs = Object.entries(everyField).flatMap(([name, all]) =>
    all.map((spec) => [kindOf(name), spec] as const),
  );
  const paths = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))
      : typeof value === "string"
        ? [path]
        : [];
  const replaced = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
    if (key === undefined) return KEY;
    const copy: unknown = structuredClone(value);
    if (typeof copy !== "object" || copy === null) return copy;
    return Object.assign(copy, { [key]: replaced(Reflect.get(copy, key), rest) });
  };
  const one = fc
    .constantFrom(...specs)
    .chain(([kind, spec]) =>
      fc.record({ kind: fc.constant(kind), spec: fc.constant(spec), path: fc.constantFrom(...paths(spec)) }),
    );
  fc.assert(
    fc.property(one, ({ kind, spec, path }) => {
      const live = replaced(spec, path) as JsonObject;
      const { spec: written, left: out } = withoutSecrets(live, kind);
      expect(JSON.stringify(written)).not.toContain(KEY);
      expect(out.length).toBeGreaterThan(0);
      const declared = declaredFields(written, kind, "set");
      expect(overlay(live, declared, undefined, hintsOf(kind))).toEqual(live);
    }),
    { numRuns: 300 },
  );
});

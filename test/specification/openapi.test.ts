import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { equal, type JsonObject } from "../../src/model/json.ts";
import { DIFFERENT, NOT_OURS, NOT_THEIRS, type FieldException } from "./exceptions.ts";
import { fieldsOf, type Field } from "./fields.ts";
import { schemas, type KindName } from "./schemas.ts";

/** The file of the official specification. A variable that names no file fails the suite; only an unset one skips it. */
const SPECIFICATION = process.env["ROLLCALL_OPENAPI"] || undefined;

interface Row {
  readonly kind: KindName;
  /** The name of the request in the specification. */
  readonly request: string;
  /** In an update nothing is required and nothing has a default. */
  readonly update?: true;
  /** What to take off our paths to get the API's. */
  readonly strip?: RegExp;
}

const ROWS: readonly Row[] = [
  { kind: "Assistant", request: "CreateAssistantRequest" },
  {
    kind: "AssistantVersion",

    request: "UpdateAssistantRequestWithPromotion",
    strip: /^changes\./,
  },
  { kind: "CanaryDeploy", request: "CanaryDeployRequest" },
  { kind: "AssistantTest", request: "CreateAssistantTestRequest" },
  { kind: "AssistantTest", request: "UpdateAssistantTestRequest", update: true },
  { kind: "McpServer", request: "CreateMCPServerRequest" },
  { kind: "McpServer", request: "UpdateMCPServerRequest", update: true },
  { kind: "Tool", request: "CreateSharedToolRequest", strip: /^<\w+>\.?/ },
  { kind: "Tool", request: "UpdateSharedToolRequest", strip: /^<\w+>\.?/, update: true },
];

/** The exceptions that were needed, so that a stale one is noticed. */
const used = new Set<FieldException>();

function excused(table: readonly FieldException[], kind: string, path: string): boolean {
  const found = table.filter(
    (row) => row.kinds.includes(kind) && row.paths.some((pattern) => matches(pattern, path)),
  );
  for (const row of found) used.add(row);
  return found.length > 0;
}

function rulesAbout(what: string) {
  return DIFFERENT.filter((row) => row.what.includes(what));
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.[\]<>]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(path);
}

/** Without the `type` of each variant of a whole resource, which is one field of the API. */
function ourFields({ kind, strip }: Row): ReadonlyMap<string, Field> {
  const fields = [...fieldsOf(schemas[kind])]
    .filter(([path]) => !/^<\w+>\.type$/.test(path))
    .map(([path, field]) => [path.replace(strip ?? "", ""), field] as const);
  return new Map(fields);
}

/** Requests for shared tools are open: what they hold has the shape of the same tool inside an assistant. */
function hasInlineTwin(kind: string, path: string, field: Field): boolean {
  if (kind !== "Tool") return false;
  const twin = inline.get(`tools[]<${/^\w+/.exec(path)?.[0]}>.${path}`);
  return twin !== undefined && differences(twin, field).length === 0;
}

const inline = fieldsOf(schemas.Assistant);

/** What the official field says and ours does not, by keyword. */
function differences(official: Field, ours: Field, update = false): readonly string[] {
  const rules = new Set([...Object.keys(official.rules), ...Object.keys(ours.rules)]);
  const valuesDiffer =
    ours.knownValues === undefined
      ? !equal(official.values, ours.values)
      : !(official.values ?? []).every((value) => ours.knownValues?.includes(value));
  return [
    ...(equal(official.types, ours.types) ? [] : ["types"]),
    ...(official.required === ours.required || update ? [] : ["required"]),
    ...(official.open === ours.open ? [] : ["open"]),
    ...(valuesDiffer ? ["values"] : []),
    ...[...rules].filter(
      (rule) => !(update && rule === "default") && !equal(official.rules[rule], ours.rules[rule]),
    ),
  ];
}

describe.skipIf(SPECIFICATION === undefined)("the official specification (needs ROLLCALL_OPENAPI)", () => {
  let api: JsonObject = {};

  // The bodies of a skipped suite are collected all the same, so nothing is read before its tests run.
  beforeAll(() => {
    api = JSON.parse(readFileSync(SPECIFICATION ?? "", "utf8")) as JsonObject;
  });

  function officialFields({ request }: Row): ReadonlyMap<string, Field> {
    return fieldsOf({ $ref: `#/components/schemas/${request}` }, api);
  }

  test("is read recursively", () => {
    expect(officialFields({ kind: "Assistant", request: "CreateAssistantRequest" }).size).toBeGreaterThan(350);
    expect(inline.size).toBeGreaterThan(450);
  });

  describe.each(ROWS)("$request", (row) => {
    const ours = ourFields(row);
    let official: ReadonlyMap<string, Field> = new Map();

    beforeAll(() => {
      official = officialFields(row);
    });

    test(`has no property that ${row.kind} lacks`, () => {
      const missing = [...official.keys()].filter(
        (path) => !ours.has(path) && !excused(NOT_OURS, row.kind, path),
      );
      expect(missing).toEqual([]);
    });

    test(`has every property of ${row.kind}`, () => {
      const invented = [...ours].filter(
        ([path, field]) =>
          !official.has(path) && !hasInlineTwin(row.kind, path, field) && !excused(NOT_THEIRS, row.kind, path),
      );
      expect(invented.map(([path]) => path)).toEqual([]);
    });

    test(`agrees with ${row.kind} on types, bounds, values and defaults`, () => {
      const disagreements = [...official].flatMap(([path, field]) => {
        const own = ours.get(path);
        if (own === undefined) return [];
        return differences(field, own, row.update)
          .filter((what) => !excused(rulesAbout(what), row.kind, path))
          .map((what) => `${path}: ${what}`);
      });
      expect(disagreements).toEqual([]);
    });

    test("shares no description with the schema", () => {
      const copied = [...official].filter(
        ([path, field]) => longestRun(field.description ?? "", ours.get(path)?.description ?? "") >= 7,
      );
      expect(copied.map(([path]) => path)).toEqual([]);
    });
  });

  test("needs every exception that is listed", () => {
    const stale = [...NOT_OURS, ...NOT_THEIRS, ...DIFFERENT].filter((row) => !used.has(row));
    expect(stale).toEqual([]);
  });
});

/** The longest run of words that two texts have in common. */
function longestRun(a: string, b: string): number {
  const [left, right] = [words(a), words(b)];
  const lengths = left.flatMap((_, i) =>
    right.map((_, j) => {
      let length = 0;
      while (left[i + length] !== undefined && left[i + length] === right[j + length]) length += 1;
      return length;
    }),
  );
  return Math.max(0, ...lengths);
}

function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
}

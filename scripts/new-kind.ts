/**
 * Scaffolds a kind: `npm run new:kind -- InsightGroup /ai/insight_groups` writes its folder with tests and adds it to
 * `kinds/index.ts`. What it writes compiles and passes the contract suite; `docs/adding-a-kind.md` goes on from there.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const KINDS = join(ROOT, "src/providers/telnyx/kinds");
const INDEX = join(KINDS, "index.ts");
/** Of a line, as the formatter has it. */
const WIDTH = 112;
const USAGE = `usage: npm run new:kind -- <Name> [collection]

  Name        in singular and in capitals: InsightGroup
  collection  the path of the API that lists the objects: /ai/insight_groups`;

/** One name in all the forms in which the code has it. */
interface Names {
  /** `InsightGroup` */
  readonly kind: string;
  /** `insightGroup` */
  readonly constant: string;
  /** `insight-group` */
  readonly folder: string;
  /** `insight group` */
  readonly words: string;
  /** `an insight group` */
  readonly one: string;
  readonly collection: string;
}

function namesOf(kind: string, collection: string | undefined): Names {
  if (kind.length > 40 || !/^(?:[A-Z][a-z0-9]*)+$/.test(kind)) {
    throw new Error(
      `${kind} is not the name of a kind: letters and digits, each word with a capital\n\n${USAGE}`,
    );
  }
  if (collection !== undefined && !/^(?:\/[\w{}.-]+)+$/.test(collection)) {
    throw new Error(`${collection} is not a path\n\n${USAGE}`);
  }
  const parts = kind.split(/(?=[A-Z])/).map((part) => part.toLowerCase());
  const words = parts.join(" ");
  return {
    kind,
    constant: kind.charAt(0).toLowerCase() + kind.slice(1),
    folder: parts.join("-"),
    words,
    one: `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`,
    collection: collection ?? `/ai/${parts.join("_")}s`,
  };
}

function kindText({ kind, constant, one, words, collection }: Names): string {
  return `import type { TelnyxKind } from "../../rest.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const ${constant}: TelnyxKind = {
  kind: "${kind}",
  description: "${sentence(one)}",
  nouns: ${nounsText(words)},
  schema,
  identity: { name: "/name" },
  references: [],
  fields: {
    "/description": { multiline: true },
  },
  routes: {
    collection: "${collection}",
    item: "${collection}/{id}",
    paging: "paged",
    idKey: "id",
    update: "PATCH",
  },
  fromLive,
  toWire,
};
`;
}

/** On one line where it fits. */
function nounsText(words: string): string {
  const [one, many] = [`one: "${words}"`, `many: "${words}s"`];
  const line = `{ ${one}, ${many} }`;
  return line.length <= WIDTH - "  nouns: ,".length ? line : `{\n    ${one},\n    ${many},\n  }`;
}

function schemaText({ one }: Names): string {
  return `import { object, prose, text } from "../../objects/schema-builders.ts";

const example = { description: "Says what it is for." };

export const schema = {
  ...object("${sentence(one)}", {
    name: text("The name at Telnyx; unset, \`metadata.name\`.", { minLength: 1 }),
    description: prose("What it is for."),
  }),
  examples: [example],
};
`;
}

function wireText(): string {
  return `import { omit, type JsonObject } from "../../../../model/json.ts";

const RESPONSE_ONLY = ["id", "created_at", "updated_at"];

export function fromLive(live: JsonObject): JsonObject {
  return omit(live, RESPONSE_ONLY);
}

export function toWire(spec: JsonObject): JsonObject {
  return omit(spec, RESPONSE_ONLY);
}
`;
}

function schemaTestText({ one, words }: Names): string {
  return `import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const valid = { name: "first", description: "For tests." };

test("${one} needs nothing but its name, and that has a default", () => {
  expect(check(valid)).toEqual([]);
  expect(check({})).toEqual([]);
});

test.each<Mistake>([
  ["an empty name", "/name", "", "minLength"],
  ["a description that is no text", "/description", 1, "type"],
  ["an id of its own", "/id", "x", "^additionalProperties"],
])("the ${words} is rejected for %s", (_, at, value, error) => {
  expect(check(changed(valid, at, value))).toEqual([errorAt(at, error)]);
});
`;
}

function wireTestText(): string {
  return `import { expect, test } from "vitest";
import { fromLive, toWire } from "./wire.ts";

const SPEC = { name: "first", description: "For tests." };
const LIVE = { id: "x1", created_at: "2026-01-01", updated_at: "2026-01-02", ...SPEC };

test("what the server alone sets is no part of a spec, and is never sent", () => {
  expect(fromLive(LIVE)).toEqual(SPEC);
  expect(toWire(LIVE)).toEqual(SPEC);
});
`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The index with one import and one line more. */
function indexed(index: string, { constant, folder }: Names): string {
  const lastImport = [...index.matchAll(/^import .*;\n/gm)].at(-1);
  const end = index.lastIndexOf("\n];");
  if (lastImport === undefined || end < 0) throw new Error(`${INDEX} does not look as expected`);
  const at = lastImport.index + lastImport[0].length;
  const line = `import { ${constant} } from "./${folder}/kind.ts";\n`;
  return `${index.slice(0, at)}${line}${index.slice(at, end)}\n  ${constant},${index.slice(end)}`;
}

/** Writes everything or nothing: what is there already is never touched. */
function newKind(names: Names): readonly string[] {
  const folder = join(KINDS, names.folder);
  const index = readFileSync(INDEX, "utf8");
  if (existsSync(folder) || new RegExp(String.raw`^\s+${names.constant},$`, "m").test(index)) {
    throw new Error(`there is a kind ${names.kind} already`);
  }
  const files = {
    "kind.ts": kindText(names),
    "schema.ts": schemaText(names),
    "schema.test.ts": schemaTestText(names),
    "wire.ts": wireText(),
    "wire.test.ts": wireTestText(),
  };
  const next = indexed(index, names);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeFileSync(INDEX, next);
  return [...Object.keys(files).map((file) => join(folder, file)), INDEX];
}

const [name, collection, ...others] = process.argv.slice(2);
try {
  if (name === undefined || others.length > 0) throw new Error(USAGE);
  const written = newKind(namesOf(name, collection));
  console.log(`Written:\n${written.map((file) => `  ${relative(ROOT, file)}`).join("\n")}

Next: npm run generate, then docs/adding-a-kind.md, from step 2.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "../../../../test/e2e/cli.ts";
import { everyField } from "../../../../test/specification/every-field/specs.ts";
import { schemas } from "../../../../test/specification/schemas.ts";
import { type Address, parseAddress } from "../../../model/address.ts";
import { isList, isObject, type Json, type JsonObject, property, stringify } from "../../../model/json.ts";
import { parseJson } from "../../../model/parse-json.ts";
import { isReference } from "../../../model/resource.ts";
import type { TelnyxKind } from "../rest.ts";
import { kinds } from "./index.ts";

/** The part of the contract that needs an API: what a kind writes reads back as declared, whoever looks for it. */
interface Row {
  readonly kind: TelnyxKind;
  readonly what: string;
  readonly spec: JsonObject;
}

function rowsOf(kind: TelnyxKind): readonly Row[] {
  const examples = examplesOf(kind).map((spec, at) => ({ kind, what: `example ${at + 1}`, spec }));
  const full = (everyField[kind.kind] ?? []).map(ofTheExamples);
  return [...examples, ...full.map((spec, at) => ({ kind, what: `every field ${at + 1}`, spec }))];
}

/** Examples speak of one assistant, and a canary serves the versions of its own. */
function ofTheExamples(spec: JsonObject): JsonObject {
  const text = stringify(spec).replaceAll("Assistant/everything", "Assistant/front-desk");
  return asObject(parseJson(text));
}

function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("a spec is an object");
  return value;
}

function examplesOf({ schema }: TelnyxKind): readonly JsonObject[] {
  const examples = property(schema, "examples");
  return isList(examples) ? examples.filter(isObject) : [];
}

function referencesIn(value: Json): readonly Address[] {
  if (isReference(value)) return [value.ref];
  if (isList(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** The spec under its address, and for every reference, near or far, the example of its kind. */
function project(address: Address, spec: JsonObject): ReadonlyMap<Address, JsonObject> {
  const specs = new Map([[address, spec]]);
  for (const [, one] of specs) {
    for (const target of referencesIn(one)) {
      const [example] = kinds.filter(({ kind }) => target.startsWith(`${kind}/`)).flatMap(examplesOf);
      if (example === undefined) throw new Error(`there is no example for ${target}`);
      if (!specs.has(target)) specs.set(target, example);
    }
  }
  return specs;
}

function manifest(address: Address, spec: JsonObject): string {
  const { kind = "", name = "" } = parseAddress(address) ?? {};
  return stringify({ apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec });
}

let one: Desk;

beforeEach(async () => {
  one = await desk();
});

afterEach(() => one.close());

/** A new kind is taken in when the specification tests know it; until then the emulator may lack its endpoints. */
const isFinished = ({ kind }: TelnyxKind) => Object.hasOwn(schemas, kind);
const rows = kinds.filter(isFinished).flatMap(rowsOf);

test.each(rows.map((row) => [row.kind.kind, row.what, row] as const))(
  "%s, %s: in sync after an apply, and when it is found without a ledger",
  async (_, __, { kind, spec }) => {
    const { folder, rollcall, writes } = one;
    const specs = project(`${kind.kind}/subject`, spec);
    const texts = [...specs].map(([address, its]) => manifest(address, its));
    await writeFile(join(folder, "manifests.yaml"), texts.join("\n---\n"));
    const planIsEmpty = async () => {
      writes();
      const plan = await rollcall("plan", "--detailed-exitcode");
      expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining("No changes.") as string });
      expect(writes()).toEqual([]);
    };
    const applied = await rollcall("apply", "--yes");
    expect(applied.stderr + applied.stdout).toContain(
      `Resources: ${specs.size} added, 0 changed, 0 destroyed.`,
    );
    expect(applied.code).toBe(0);
    await planIsEmpty();

    await rm(join(folder, ".rollcall"), { recursive: true });
    const adopted = await rollcall("apply", "--yes");
    expect(adopted.stdout.match(/ adopted /g)).toHaveLength(specs.size);
    expect(adopted.code).toBe(0);
    expect(writes()).toEqual([]);
    await planIsEmpty();
  },
);

test("every kind has an example", () => {
  expect(kinds.filter((kind) => examplesOf(kind).length === 0)).toEqual([]);
});

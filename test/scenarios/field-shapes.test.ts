/**
 * What a plan says of one field, for each way in which values are compared and each combination of a changed manifest, a
 * changed live object and the ledger. The expectations are written by hand, from the table of classes in
 * docs/architecture.md.
 */
import { describe, expect, test } from "vitest";
import { isList, isObject, type Json } from "../../src/model/json.ts";
import type { PathChange, PathClass, Plan } from "../../src/model/plan.ts";
import { DIGESTS, SCENES, SHAPES, situationOf, type SceneName, type ShapeName } from "./field-shapes.ts";
import { planned } from "./planned.ts";

/** The action, and a line for each refusal and each path: its class, and `last applied or seen | live | after apply`. */
type Expected = Record<SceneName, readonly string[]>;

/** A field with one value: `unset` is the line when it is no longer declared, and the action then. */
function single(
  label: string,
  [applied, manifest, portal]: readonly [string, string, string],
  unset: readonly string[],
): Expected {
  const conflict = ["update", "refused: conflict", `conflict ${label}: ${applied} | ${portal} | ${manifest}`];
  return {
    "nothing changed": ["no-op"],
    "manifest changed": ["update", `pending ${label}: ${applied} | ${applied} | ${manifest}`],
    "portal changed": ["update", `drift ${label}: ${applied} | ${portal} | ${applied}`],
    "both changed": conflict,
    "not in the ledger": ["adopt", `no-baseline ${label}: - | ${applied} | ${manifest}`],
    "no longer declared": unset,
    "never declared, portal changed": ["no-op", `unmanaged ${label}: ${applied} | ${portal} | ${portal}`],
    "declared for the first time, portal changed": conflict,
  };
}

const EXPECTED: Record<ShapeName, Expected> = {
  scalar: single("greeting", ["Hello.", "Good day.", "Yo."], ["update", "unset greeting: Hello. | Hello. | "]),
  "text of several lines": single(
    "greeting",
    ["Hello. / Be brief.", "Hello. / Take your time.", "Yo. / Be brief."],
    ["update", "unset greeting: Hello. / Be brief. | Hello. / Be brief. | "],
  ),
  "number in a block": single(
    "telephony_settings.time_limit_secs",
    ["600", "900", "1200"],
    ["no-op", "released telephony_settings.time_limit_secs: 600 | 600 | -"],
  ),
  "field with a default": single(
    "voice_settings.voice_speed",
    ["1", "1.2", "0.8"],
    ["no-op", "released voice_settings.voice: Telnyx.NaturalHD.astra | Telnyx.NaturalHD.astra | -"],
  ),
  "nullable field": single(
    "voice_settings.language_boost",
    ["English", "Spanish", "German"],
    [
      "update",
      "unset voice_settings.language_boost: English | English | null",
      "released voice_settings.voice: Telnyx.NaturalHD.astra | Telnyx.NaturalHD.astra | -",
    ],
  ),
  "entry of a map": single(
    "dynamic_variables.hours",
    ["nine to five", "eight to six", "never"],
    ["update", "unset dynamic_variables: {…} | {…} | -"],
  ),
  "element of a keyed list": single(
    "tools[webhook:look_up].webhook.url",
    ["https://a.example", "https://b.example", "https://c.example"],
    ["update", "unset tools: {…} | {…} | -"],
  ),
  "order of a list": single(
    "conversation_flow.edges[order]",
    ["[x y z]", "[y x z]", "[z y x]"],
    ["update", "unset conversation_flow: {…} | {…} | -"],
  ),
  secret: single(
    "tools[refer].refer.targets[sip:a@example.com].sip_auth_password",
    ["first-word", "second-word", "third-word"],
    ["update", "unset tools: {…} | {…} | -"],
  ),
  "closed set": {
    "nothing changed": ["no-op"],
    "manifest changed": ["update", "pending enabled_features[messaging]: - | - | true"],
    "portal changed": [
      "update",
      "drift enabled_features[messaging]: - | true | -",
      "drift enabled_features[telephony]: true | - | true",
    ],
    "both changed": ["update", "drift enabled_features[telephony]: true | - | true"],
    "not in the ledger": ["adopt", "no-baseline enabled_features[messaging]: - | - | true"],
    "no longer declared": ["no-op", "released enabled_features[telephony]: true | true | -"],
    "never declared, portal changed": [
      "no-op",
      "unmanaged enabled_features[messaging]: - | true | true",
      "unmanaged enabled_features[telephony]: true | - | -",
    ],
    "declared for the first time, portal changed": [
      "update",
      "drift enabled_features[telephony]: true | - | true",
    ],
  },
  "open set": {
    "nothing changed": ["no-op"],
    "manifest changed": ["update", "pending tags[new]: - | - | true"],
    "portal changed": [
      "update",
      "drift tags[ours]: true | - | true",
      "unmanaged tags[theirs]: - | true | true",
    ],
    "both changed": [
      "update",
      "pending tags[new]: - | - | true",
      "drift tags[ours]: true | - | true",
      "unmanaged tags[theirs]: - | true | true",
    ],
    "not in the ledger": ["adopt", "no-baseline tags[new]: - | - | true"],
    "no longer declared": ["update", "unset tags: [ours] | [ours] | []"],
    "never declared, portal changed": [
      "no-op",
      "unmanaged tags[ours]: true | - | -",
      "unmanaged tags[theirs]: - | true | true",
    ],
    "declared for the first time, portal changed": [
      "update",
      "pending tags[new]: - | - | true",
      "drift tags[ours]: true | - | true",
      "unmanaged tags[theirs]: - | true | true",
    ],
  },
  "members of a keyed list": {
    "nothing changed": ["no-op"],
    "manifest changed": ["update", "pending tools[hangup]: {…} | {…} | -"],
    "portal changed": ["update", "drift tools[skip_turn]: - | {…} | -"],
    "both changed": [
      "update",
      "pending tools[hangup]: {…} | {…} | -",
      "drift tools[skip_turn]: - | {…} | -",
    ],
    "not in the ledger": ["adopt", "no-baseline tools[hangup]: - | {…} | -"],
    "no longer declared": ["update", "unset tools: {…} | {…} | -"],
    "never declared, portal changed": [
      "no-op",
      "unmanaged tools[skip_turn].type: - | skip_turn | skip_turn",
      "unmanaged tools[skip_turn].skip_turn.description: This tool is used to skip the assistant turn without producing a response. | Waits. | Waits.",
    ],
    "declared for the first time, portal changed": [
      "update",
      "pending tools[hangup]: {…} | {…} | -",
      "drift tools[skip_turn]: - | {…} | -",
    ],
  },
  reference: {
    "nothing changed": ["no-op"],
    "manifest changed": ["update", "pending tool_ids[b]: - | - | true"],
    "portal changed": ["update", "drift tool_ids[a]: true | - | true", "drift tool_ids[b]: - | true | -"],
    "both changed": ["update", "drift tool_ids[a]: true | - | true"],
    "not in the ledger": ["adopt", "no-baseline tool_ids[b]: - | - | true"],
    "no longer declared": ["update", "unset tool_ids: [tool-a] | [tool-a] | -"],
    "never declared, portal changed": [
      "no-op",
      "unmanaged tool_ids[a]: true | - | -",
      "unmanaged tool_ids[b]: - | true | true",
    ],
    "declared for the first time, portal changed": ["update", "drift tool_ids[a]: true | - | true"],
  },
};

const shapes = Object.keys(SHAPES) as ShapeName[];
const scenes = Object.keys(SCENES) as SceneName[];

describe.each(shapes)("%s", (shape) => {
  test.each(scenes)("%s", async (scene) => {
    const plan = await planned(situationOf(shape, scene));
    expect(linesOf(plan)).toEqual(EXPECTED[shape][scene]);
    expect(plan.drift.flatMap(({ changes }) => changes)).toEqual(
      deskOf(plan).changes.filter(({ class: of }) => of === "drift" || of === "conflict"),
    );
  });
});

/** Fails to compile if a class is missing. */
const CLASSES: Record<PathClass, true> = {
  pending: true,
  drift: true,
  conflict: true,
  unset: true,
  released: true,
  unmanaged: true,
  "no-baseline": true,
};

test.each(Object.keys(CLASSES))("the expectations have a field of class %s", (of) => {
  const lines = Object.values(EXPECTED).flatMap((row) => Object.values(row).flat());
  expect(lines.some((line) => line.startsWith(`${of} `))).toBe(true);
});

function linesOf(plan: Plan): readonly string[] {
  const { action, changes } = deskOf(plan);
  return [
    action,
    ...plan.refusals.map(({ rule }) => `refused: ${rule}`),
    ...[...changes, ...plan.drift.flatMap(({ unmanaged }) => unmanaged)].map(lineOf),
  ];
}

function deskOf({ changes }: Plan): Plan["changes"][number] {
  const desk = changes.find(({ address }) => address === "Assistant/desk");
  if (desk === undefined) throw new Error("the plan has no Assistant/desk");
  return desk;
}

function lineOf({ class: of, label, baseline, before, after }: PathChange): string {
  return `${of} ${label}: ${shown(baseline)} | ${shown(before)} | ${shown(after)}`;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "-";
  if (isList(value) && !value.some(isObject)) return `[${value.join(" ")}]`;
  if (isObject(value) || isList(value)) return "{…}";
  const secret = Object.keys(DIGESTS).find((name) => DIGESTS[name] === value);
  return (secret ?? String(value)).replaceAll("\n", " / ");
}

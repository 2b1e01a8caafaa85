import { expect, test } from "vitest";
import { addressOf } from "../../model/address.ts";
import type { JsonObject } from "../../model/json.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { draftsOf, type Named } from "./drafts.ts";

const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));

function assistant(name: string, spec: JsonObject): Named {
  const kind = byKind.get("Assistant");
  if (kind === undefined) throw new Error("no kind Assistant");
  const live = { id: `id-${name}`, spec: { name, instructions: "Hi.", model: "m", ...spec } };
  return { kind, live, name, tags: [], address: addressOf("Assistant", name) };
}

test("an unknown field is listed once with the number of objects, and is not declared", async () => {
  const hangup = { type: "hangup", hangup: { description: "End it.", brand_new: 1 } };
  const objects = [
    assistant("one", { brand_new: { level: 3 }, tools: [hangup] }),
    assistant("two", { brand_new: { level: 4 } }),
    assistant("three", { tools: [{ type: "skip_turn", skip_turn: {} }, hangup] }),
  ];
  const { drafts, unwritten, unwritable } = await draftsOf({
    kinds: byKind,
    objects,
    listed: [],
    resources: [],
    fields: "set",
  });
  expect(unwritable).toEqual([]);
  expect(JSON.stringify(drafts.map(({ spec }) => spec))).not.toContain("brand_new");
  expect(unwritten.map(({ address, path, why }) => [address, path, why]).sort()).toEqual([
    [
      "Assistant/one",
      "/brand_new",
      "it is a field that this version of Rollcall does not know (also in one other object)",
    ],
    [
      "Assistant/one",
      "/tools/0/hangup/brand_new",
      "it is a field that this version of Rollcall does not know (also in one other object)",
    ],
  ]);
});

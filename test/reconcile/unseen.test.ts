import fc from "fast-check";
import { expect, test } from "vitest";
import { omit, pick, type JsonObject } from "../../src/model/json.ts";
import { grouped } from "../../src/model/grouped.ts";
import type { Intent } from "../../src/model/ledger.ts";
import { pointer } from "../../src/model/pointer.ts";
import { taken } from "../../src/reconcile/compare/by-path.ts";
import { canonical } from "../../src/reconcile/compare/canonical.ts";
import { leafDifferences, valueAt } from "../../src/reconcile/compare/difference.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";
import { redacted } from "../../src/reconcile/compare/redact.ts";
import { changedBlocks } from "../../src/reconcile/recover/intents.ts";
import { ownWrites } from "../../src/reconcile/recover/own-writes.ts";
import { unseen } from "../../src/reconcile/recover/unseen.ts";
import { robot } from "../memory/kinds.ts";
import { liveRobot, search } from "./arbitrary.ts";

const HINTS = hintsOf(robot);
const form = (value: JsonObject) => canonical(value, HINTS);

/** These are stored member by member, other fields as a whole. */
const PARTED = new Set(["voice", "variables", "tags"]);

/** Of an element that the manifest lacks, single members cannot be applied under its key. */
const KEYED = new Set(["colleagues", "skills"]);

/**
 * An update, some of whose values are live, and a manifest that declares some of what is live. There is no `plan`: its
 * elements have no key, and parts of them say nothing.
 */
const partly = fc
  .record({ before: liveRobot, after: liveRobot, coins: fc.infiniteStream(fc.boolean()) })
  .map(({ before, after, coins }) => {
    const isHeads = () => coins.next().value === true;
    const [old, meant] = [before, after].map((one) => omit(redacted(one, HINTS), ["plan"])) as [
      JsonObject,
      JsonObject,
    ];
    const paths = leafDifferences(form(old), form(meant)).map(({ path }) => path);
    const parts = grouped(paths, ([key = "", ...rest]) => (PARTED.has(key) ? pointer([key, ...rest]) : key));
    const stored = [...parts.values()].filter(isHeads).flat();
    const live = taken(old, meant, stored, HINTS);
    // A greeting without a text is one that is cleared.
    const declared = omit(meant, meant["greeting"] === "" ? ["greeting"] : []);
    return {
      live,
      whole: meant,
      applied: pick(
        old,
        Object.keys(old).filter((key) => KEYED.has(key) || isHeads()),
      ),
      observed: old,
      manifest: pick(live, Object.keys(live).filter(isHeads)),
      intent: { ...INTENT, ...changedBlocks(robot, old, meant, declared) },
    };
  });

const INTENT: Intent = {
  id: "Robot/desk@run",
  step: "Robot/desk",
  address: "Robot/desk",
  action: "update",
  kind: "Robot",
  run: "run",
  who: "tester",
  began: "2026-01-01T00:00:00.000Z",
};

test("what was recorded is not taken for applied again, and what appears later still is", () => {
  fc.assert(
    fc.property(partly, ({ live, whole, applied, observed, manifest, intent }) => {
      const found = ownWrites({ baseline: { applied, observed }, live }, [intent], robot);
      const left = unseen(intent, { live, applied: [found.applied, manifest] }, robot);
      const open = left === undefined ? [] : [left];
      const baseline = { applied: manifest, observed: live };
      expect(form(ownWrites({ baseline, live }, open, robot).applied)).toEqual(form(manifest));
      const late = ownWrites({ baseline, live: whole }, open, robot);
      for (const { path, after } of leafDifferences(form(live), form(whole)))
        if (intent.clears?.includes(pointer(path)) !== true && !KEYED.has(path[0] ?? ""))
          expect(valueAt(form(late.applied), path), pointer(path)).toEqual(after);
    }),
    search(300),
  );
});

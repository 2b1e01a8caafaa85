import { pick } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Step } from "../../model/plan.ts";
import type { LiveObject, UpdateRequest } from "../../model/provider.ts";
import { rewrittenIn } from "../recover/own-writes.ts";
import { hintsOf } from "../compare/hints.ts";
import { withIgnored } from "../observe/desired.ts";
import { ownId } from "../../model/object-ids.ts";
import { contentDigest, promotedAs } from "../observe/version-content.ts";
import { resolvedSpec, type Execution } from "./execution.ts";
import { answered } from "./answered.ts";

/** What is sent to an object as it was read just before. */
interface Update extends Pick<UpdateRequest, "target" | "blocks"> {
  readonly live: LiveObject;
}

/** `versionId`: the version that is main by that, where it is known. `changed`: nothing was sent, and why. */
type Sent = { readonly versionId: string | undefined } | { readonly changed: string };

/** Sends an update. If the plan promotes a version, that is sent instead. */
export async function send(step: Step, kind: Kind, update: Update, execution: Execution): Promise<Sent> {
  const { versionId } = update.live;
  // The former main version may show among the others now: it did not appear by itself.
  if (versionId !== undefined) execution.knownIds.add(versionId);
  if (step.promotes !== undefined) return promote(step.promotes, kind, update, execution);
  return { versionId: await sendUpdate(step, kind, update, execution) };
}

/** The version that the update has made main, where the API says so. */
async function sendUpdate(
  step: Step,
  kind: Kind,
  { live: { id, spec, versionId: former }, target, blocks }: Update,
  execution: Execution,
): Promise<string | undefined> {
  let main = former;
  const onAnswer: UpdateRequest["onAnswer"] = async (answer) => {
    main = answer.versionId ?? main;
    const declared = withIgnored(
      resolvedSpec(step, kind, execution),
      undefined,
      step.ignored ?? [],
      hintsOf(kind),
    );
    const sent = { before: spec, declared: kind.sendsAll === true ? declared : pick(declared, blocks) };
    const stored = rewrittenIn(answer.spec, sent, kind);
    if (stored !== undefined) await answered(execution.intents.get(step.id), { id, stored }, execution);
  };
  await execution.provider.update({ kind: kind.kind, id, live: spec, target, blocks, onAnswer });
  return main === former ? undefined : main;
}

/** The version must still be as in the plan, and as the object is to become. */
async function promote(
  { kind: name, id, content }: NonNullable<Step["promotes"]>,
  kind: Kind,
  { live, target }: Update,
  { provider }: Execution,
): Promise<Sent> {
  const versionKind = provider.kinds.get(name);
  if (versionKind === undefined || provider.promote === undefined)
    throw new Error(`objects of kind ${name} are not promoted`);
  const version = await provider.read(name, id);
  const called = `version ${ownId(id)}, which it promotes,`;
  if (version === undefined) return { changed: `${called} has been deleted since the plan was made` };
  const isSame =
    contentDigest(versionKind, version) === content &&
    promotedAs({ kind, object: live, versionKind, version }, target) !== undefined;
  if (!isSame) return { changed: `${called} has been changed since the plan was made` };
  await provider.promote(name, id);
  return { versionId: ownId(id) };
}

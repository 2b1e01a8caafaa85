import type { Kind } from "../../model/kind.ts";
import type { Step } from "../../model/plan.ts";
import type { LiveObject, UpdateRequest } from "../../model/provider.ts";
import { ownId } from "../observe/object-ids.ts";
import { contentDigest, promotedAs } from "../observe/version-content.ts";
import type { Execution } from "./execution.ts";

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
  return { versionId: await sendUpdate(kind, update, execution) };
}

/** The version that the update has made main, where the API says so. */
async function sendUpdate(
  kind: Kind,
  { live: { id, spec, versionId: former }, target, blocks }: Update,
  { provider }: Execution,
): Promise<string | undefined> {
  let main = former;
  const onVersion = (versionId: string) => {
    main = versionId;
  };
  await provider.update({ kind: kind.kind, id, live: spec, target, blocks, onVersion });
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

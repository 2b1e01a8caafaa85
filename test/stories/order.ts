import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { asShown, firstLack, type Live } from "./live.ts";
import { addressOf, type Manifest, resolved } from "./manifests.ts";
import type { Story } from "./story.ts";

/** One difference that a plan shows. */
interface Shown {
  readonly address: string;
  readonly action: string;
  readonly id?: string;
  readonly reason?: string;
  readonly changes: readonly { readonly path: string; readonly class: string }[];
}

export interface PlanShown {
  readonly code: number;
  readonly empty: boolean;
  readonly changes: readonly Shown[];
  readonly drift: readonly {
    readonly address: string;
    readonly id: string;
    readonly what: string;
    readonly changes: readonly { readonly path: string; readonly class: string }[];
  }[];
  readonly refusals: readonly { readonly rule: string; readonly address?: string; readonly message: string }[];
}

/** What a plan says; it may be one that is refused. */
export async function planned(story: Story, ...args: readonly string[]): Promise<PlanShown> {
  const ran = await story.run("plan", "--format", "json", ...args);
  expect([0, 1], ran.stderr).toContain(ran.code);
  expect(ran.stdout, ran.stderr).not.toBe("");
  const plan = JSON.parse(ran.stdout) as { readonly x_rollcall: Omit<PlanShown, "code"> };
  return { ...plan.x_rollcall, code: ran.code };
}

/** Paths of a plan by class, as `Assistant/front /greeting`. */
export function pathsOf(plan: PlanShown, ...classes: readonly string[]): readonly string[] {
  return [...plan.changes, ...plan.drift].flatMap(({ address, changes }) =>
    changes.filter((change) => classes.includes(change.class)).map(({ path }) => `${address} ${path}`),
  );
}

/** A plan that calls nothing somebody else's: no drift, no conflict, no refusal. */
export async function callsNothingForeign(story: Story, ...args: readonly string[]): Promise<PlanShown> {
  const plan = await planned(story, ...args);
  expect(pathsOf(plan, "drift", "conflict"), "called somebody else's edit").toEqual([]);
  expect(
    plan.drift.map(({ address, what }) => `${address} ${what}`),
    "drift",
  ).toEqual([]);
  expect(plan.refusals, "refusals").toEqual([]);
  return plan;
}

/** Everything is in order: live is as declared, once each, the plan is empty, and nothing has drifted. */
export async function isInOrder(story: Story, ...args: readonly string[]): Promise<void> {
  expect(lacks(story), "live is as declared").toEqual([]);
  await story.ends(0, "plan", "--detailed-exitcode", ...args);
  await story.ends(0, "drift");
}

/** With one more plain apply everything is in order. */
export async function comesInOrder(story: Story): Promise<void> {
  await story.ends(0, "apply", "--yes");
  await isInOrder(story);
}

/** What is declared and not live as declared, and what is live twice. */
function lacks(story: Story): readonly string[] {
  return story.declared.flatMap((manifest) => {
    const { kind, spec } = manifest;
    const address = addressOf(manifest);
    const found = standing(story, manifest);
    const [live, ...more] = found;
    if (live === undefined) return [`${address} is not live`];
    if (more.length > 0) return [`${address} is live ${found.length} times`];
    const wanted = asShown(kind, resolved(spec, (target) => idFor(story, target)) as JsonObject);
    const lack = firstLack(wanted, live.raw);
    return lack === undefined ? [] : [`${address}${lack}`];
  });
}

function standing(story: Story, { kind, spec }: Manifest): readonly Live[] {
  const parent = parentId(story, spec);
  if (kind === "CanaryDeploy") return story.all(kind).filter(({ id }) => id === parent);
  const name = String(spec["name"] ?? spec["display_name"] ?? spec["version_name"]);
  const found = story.all(kind, name);
  return kind === "AssistantVersion" ? found.filter(({ id }) => id.startsWith(`${parent}/`)) : found;
}

function parentId(story: Story, spec: JsonObject): string | undefined {
  const parent = spec["assistant"] as { readonly ref?: string } | undefined;
  return parent?.ref === undefined ? undefined : idFor(story, parent.ref);
}

/** As others hold it: of a version its own id. */
function idFor(story: Story, address: string): string {
  const manifest = story.declared.find((one) => addressOf(one) === address);
  const [live] = manifest === undefined ? [] : standing(story, manifest);
  return live?.id.split("/").at(-1) ?? `nothing for ${address}`;
}

/** The value at a path of an object, in the API's shape. */
export function at(live: Live | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (typeof value === "object" && value !== null ? (value as JsonObject)[key] : undefined),
    live?.raw,
  );
}

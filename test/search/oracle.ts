import { equal, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { EmulatorState } from "../../src/providers/telnyx/emulator/state.ts";
import { type Live, liveObjects } from "../stories/live.ts";

/** Who did it: this project, by its requests, or people in the portal. */
export type Who = "us" | "them";

/** One object, alive or not, and who wrote what of it last. */
export interface Known {
  readonly kind: string;
  readonly id: string;
  readonly maker: Who;
  /** This project has made or adopted an object of this id before: a canary has the id of its assistant, and no other. */
  readonly isSuccessor: boolean;
  /** It has had another name since it was made. */
  wasRenamed: boolean;
  /** Announced as taken over, and applied since. */
  isAdopted: boolean;
  /** The last plan that told of it showed it as no longer declared, or as replaced. */
  isLeftOver: boolean;
  /** It has the name of another one, because the lists of a run were late. */
  isSecond: boolean;
  isAlive: boolean;
  /** A version that somebody has promoted. Each update of main repeats the name of main, so it has namesakes from then on. */
  wasMain: boolean;
  /** Who ended it. */
  endedBy?: Who;
  readonly paths: Map<string, Mark>;
  /**
   * Fields that the server dropped or rewrote for a run that was killed: whether the run has recorded the answer nobody knows,
   * and without it the live value may be somebody's edit.
   */
  readonly untold: Set<string>;
}

interface Mark {
  readonly who: Who;
  /** As they wrote it; `undefined` when they removed it. */
  readonly value: Json | undefined;
}

/** What one act changed. */
export type Change =
  | { readonly object: Known; readonly what: "made" | "ended" }
  | {
      readonly object: Known;
      readonly what: "changed";
      readonly path: string;
      readonly before: Mark | undefined;
    };

/** Keeps the books by comparing what is live before and after each act. It knows nothing of ledgers and plans. */
export interface Books {
  readonly objects: ReadonlyMap<string, Known>;
  /** Enters everything that has changed since the last call as the work of `who`. */
  enter(who: Who, state: EmulatorState): readonly Change[];
  live(): readonly Live[];
}

export const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind} ${id}`;

export function openBooks(): Books {
  const objects = new Map<string, Known>();
  /** Versions that were main when they came into being are the history of their assistant. */
  const history = new Set<string>();
  let last: ReadonlyMap<string, ReadonlyMap<string, Json>> = new Map();
  let now: readonly Live[] = [];
  return {
    objects,
    live: () => now,
    enter(who, state) {
      const all = liveObjects(state);
      for (const one of all) {
        if (one.isMain === true && !objects.has(keyOf(one))) history.add(keyOf(one));
      }
      now = all.filter((one) => !history.has(keyOf(one)));
      const seen = new Map(now.map((one) => [keyOf(one), leavesOf(one.raw)] as const));
      const changes: Change[] = [];
      for (const one of now) {
        const key = keyOf(one);
        const known = objects.get(key);
        if (known === undefined || !known.isAlive) {
          const made = born(one, who, seen.get(key) ?? new Map(), known);
          objects.set(key, made);
          changes.push({ object: made, what: "made" });
          continue;
        }
        if (one.isMain === true) known.wasMain = true;
        changes.push(...changed(known, who, last.get(key) ?? new Map(), seen.get(key) ?? new Map()));
      }
      for (const [key, known] of objects) {
        if (!known.isAlive || seen.has(key)) continue;
        known.isAlive = false;
        known.endedBy = who;
        changes.push({ object: known, what: "ended" });
      }
      last = seen;
      return changes;
    },
  };
}

function born(
  { kind, id }: Live,
  maker: Who,
  leaves: ReadonlyMap<string, Json>,
  former: Known | undefined,
): Known {
  const mark = (value: Json): Mark => ({ who: maker, value });
  const paths = new Map([...leaves].map(([path, value]) => [path, mark(value)] as const));
  const isSuccessor = former?.maker === "us" || former?.isAdopted === true || former?.isSuccessor === true;
  return {
    kind,
    id,
    maker,
    isSuccessor,
    wasRenamed: false,
    isAdopted: false,
    isLeftOver: false,
    isSecond: false,
    isAlive: true,
    wasMain: false,
    paths,
    untold: new Set(),
  };
}

function changed(
  object: Known,
  who: Who,
  before: ReadonlyMap<string, Json>,
  after: ReadonlyMap<string, Json>,
): readonly Change[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !equal(before.get(path), after.get(path)),
  );
  if (paths.includes("/name") || paths.includes("/display_name")) object.wasRenamed = true;
  return paths.map((path): Change => {
    const mark = object.paths.get(path);
    object.paths.set(path, { who, value: after.get(path) });
    return { object, what: "changed", path, before: mark };
  });
}

/** Members of mappings by path, each tag for itself, other lists as a whole. */
function leavesOf(raw: JsonObject): ReadonlyMap<string, Json> {
  const leaves = new Map<string, Json>();
  const walk = (value: Json, path: string) => {
    if (path === "/tags" && Array.isArray(value)) {
      for (const tag of value) leaves.set(`/tags/${String(tag)}`, true);
    } else if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
    } else if (value !== null && !isObject(value)) leaves.set(path, value);
  };
  walk(raw, "");
  return leaves;
}

/** Nothing that anybody could miss. */
export function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** A path as a manifest has it, in the shape of the API. */
export function rawPath(kind: string, path: string): string {
  if (kind === "Tool") return path.replace(/^\/(?:webhook|hangup|handoff)(?=\/|$)/, "/tool_definition");
  return kind === "AssistantVersion" ? path.replace(/^\/changes/, "") : path;
}

export function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

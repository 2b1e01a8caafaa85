import { equal, isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { canonical, keyed, ORDER } from "../../reconcile/compare/canonical.ts";
import { type Hints, isBlock } from "../../reconcile/compare/hints.ts";
import { overlay } from "../../reconcile/compare/overlay.ts";
import { declarable, isNullable } from "./declarable.ts";
import { type Paths, pathTree } from "../../reconcile/compare/by-path.ts";

/** One value in its three forms: as declared, the same with ids, and as live; and live with references. */
export interface Forms {
  readonly declared: Json | undefined;
  readonly resolved: Json | undefined;
  readonly live: Json | undefined;
  readonly named: Json | undefined;
}

interface Walk {
  readonly kind: Kind;
  readonly path: readonly string[];
  readonly hints: Hints;
}

/** The declared value with the live one at every path of `changes`. */
export function adopted(
  forms: Forms,
  changes: readonly PathChange[],
  kind: Kind,
  hints: Hints,
): Json | undefined {
  const paths = pathTree(changes.map(({ path }) => segments(path)));
  return next(paths, forms, { kind, hints, path: [] });
}

function next(paths: Paths, forms: Forms, walk: Walk): Json | undefined {
  if (paths.isEnd) return leaf(forms, walk);
  const { declared, resolved } = forms;
  const isNewSet = declared === undefined && walk.hints.hint.set === "open" && isList(forms.live);
  if (isNewSet || (isList(declared) && isList(resolved))) return nextList(paths, forms, walk);
  if (declared !== undefined && !isObject(declared)) return declared;
  const members = new Map(Object.entries(declared ?? {}));
  for (const [key, child] of paths.children) {
    const value = next(child, memberForms(forms, key), below(walk, key));
    if (value === undefined) members.delete(key);
    else members.set(key, value);
  }
  return Object.fromEntries(members);
}

function memberForms({ declared, resolved, live, named }: Forms, key: string): Forms {
  const of = (value: Json | undefined) => property(value, key);
  return { declared: of(declared), resolved: of(resolved), live: of(live), named: of(named) };
}

function below({ kind, path, hints }: Walk, key: string, position = key): Walk {
  return { kind, path: [...path, position], hints: hints.child(key) };
}

/** What is to be declared where a whole value differs. */
function leaf({ declared, named }: Forms, walk: Walk): Json | undefined {
  const { hints, kind, path } = walk;
  if (named === undefined || named === null) {
    if (named === null && isNullable(kind, path)) return null;
    return isObject(declared) ? undefined : hints.default;
  }
  if (isBlock(declared, hints) && isBlock(named, hints)) {
    const members = Object.entries(declared).flatMap(([key, value]) => {
      const forms = {
        declared: value,
        resolved: value,
        live: property(named, key),
        named: property(named, key),
      };
      const inner = leaf(forms, below(walk, key));
      return inner === undefined ? [] : [[key, inner] as const];
    });
    return Object.fromEntries(members);
  }
  if (typeof named === "string") return textLike(named, declared, hints);
  if (isList(named) && named.length === 0) return named;
  return declarable(named, hints, kind, path);
}

/** White space at the end of a prompt is the author's own. */
function textLike(live: string, declared: Json | undefined, { hint }: Hints): string {
  const text = live.replaceAll("\r\n", "\n");
  if (hint.multiline !== true || typeof declared !== "string") return text;
  const own = declared.replaceAll("\r\n", "\n");
  return text.trimEnd() + own.slice(own.trimEnd().length);
}

interface Entry {
  readonly key: string;
  readonly value: Json;
}

function nextList(paths: Paths, forms: Forms, walk: Walk): readonly Json[] {
  const { hints } = walk;
  const declared = isList(forms.declared) ? forms.declared : [];
  const keys = keyed(isList(forms.resolved) ? forms.resolved : [], hints).map(([key]) => key);
  const live = isList(forms.live) ? keyed(forms.live, hints) : [];
  const named = isList(forms.named) ? forms.named : [];
  const isPositional = hints.hint.set === undefined && hints.hint.keyedBy === undefined;
  if (isPositional && live.length !== keys.length) return matched(forms, walk);
  const liveKeys = live.map(([key]) => key);
  const entries = keys.map((key, index): Entry | undefined => {
    const item = declared[index];
    const child = paths.children.get(key);
    const at = liveKeys.indexOf(key);
    if (item === undefined || (child?.isEnd === true && at < 0)) return undefined;
    if (child === undefined || child.isEnd) return { key, value: item };
    const element = {
      declared: item,
      resolved: isList(forms.resolved) ? forms.resolved[index] : undefined,
      live: live[at]?.[1],
      named: named[at],
    };
    const value = next(child, element, below(walk, key, String(index)));
    return value === undefined ? undefined : { key, value };
  });
  const added = [...paths.children].flatMap(([key, child]): readonly Entry[] => {
    const at = liveKeys.indexOf(key);
    const item = named[at];
    if (key === ORDER || !child.isEnd || keys.includes(key) || item === undefined) return [];
    return [{ key, value: declarable(item, hints.child(key), walk.kind, [...walk.path, "0"]) ?? item }];
  });
  if (hints.hint.ordered !== true) return filled(entries, added).map(({ value }) => value);
  const moved = paths.children.has(ORDER) ? inOrder(entries, liveKeys) : entries;
  return inserted(moved, added, liveKeys).map(({ value }) => value);
}

/** Where the order says nothing, what is new takes the places of what is gone. */
function filled(entries: readonly (Entry | undefined)[], added: readonly Entry[]): readonly Entry[] {
  const fresh = [...added];
  return [...entries.map((entry) => entry ?? fresh.shift()), ...fresh].filter((entry) => entry !== undefined);
}

/** The live elements in their live order, in the places that they hold among the others. */
function inOrder(entries: readonly (Entry | undefined)[], order: readonly string[]) {
  const isLive = (entry: Entry | undefined) => entry !== undefined && order.includes(entry.key);
  const sorted = entries
    .filter(isLive)
    .sort((a, b) => order.indexOf(a?.key ?? "") - order.indexOf(b?.key ?? ""));
  return entries.map((entry) => (isLive(entry) ? sorted.shift() : entry));
}

/** Each new element behind the one that it follows live. */
function inserted(
  entries: readonly (Entry | undefined)[],
  added: readonly Entry[],
  order: readonly string[],
): readonly Entry[] {
  const result = entries.filter((entry) => entry !== undefined);
  const fresh = [...added].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  for (const entry of fresh) {
    const before = new Set(order.slice(0, order.indexOf(entry.key)));
    const at = result.findLastIndex(({ key }) => before.has(key));
    result.splice(at + 1, 0, entry);
  }
  return result;
}

/** A list whose elements have no key and of which some came or went: each live one finds its declaration again. */
function matched({ declared, resolved, live, named }: Forms, walk: Walk): readonly Json[] {
  const [own, ids, there, texts] = [declared, resolved, live, named].map((list) => (isList(list) ? list : []));
  const left = new Set((own ?? []).keys());
  const found = (there ?? []).map((item) => {
    const index = [...left].find((at) => isSame(item, ids?.[at], walk.hints.child(String(at))));
    if (index !== undefined) left.delete(index);
    return index;
  });
  return found.flatMap((index, at) => {
    const item = texts?.[at];
    if (item === undefined) return [];
    const same = index === undefined ? undefined : own?.[index];
    return [same ?? declarable(item, walk.hints.child(String(at)), walk.kind, [...walk.path, "0"]) ?? item];
  });
}

/** Everything that is declared is live so. */
function isSame(live: Json, declared: Json | undefined, hints: Hints): boolean {
  if (!isObject(live) || !isObject(declared)) return equal(live, declared);
  const laid: JsonObject = overlay(live, declared, undefined, hints);
  return equal(canonical(laid, hints), canonical(live, hints));
}

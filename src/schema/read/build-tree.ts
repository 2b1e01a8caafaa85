import { isAlias, isMap, isScalar, isSeq, type Alias, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ReportFinding } from "../../model/finding.ts";
import type { ListNode, MapNode, Member, Node, ScalarNode } from "../../model/node.ts";
import type { Place, Source } from "../../model/source.ts";
import { CORE, nothing, placeOf, reportTag, scalarNode, unread } from "./tree-scalars.ts";

/** Collections inside of each other. */
export const DEEPEST = 100;
const MOST_ALIASES = 100;
const MOST_NODES = 500_000;
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

type YamlNode = Scalar | YAMLMap | YAMLSeq | Alias;

/** A node that an alias can repeat, with what that costs. */
interface Anchored {
  readonly node: Node;
  readonly aliases: number;
  readonly nodes: number;
}

interface Build {
  readonly source: Source;
  readonly report: ReportFinding;
  readonly anchors: Map<string, Anchored | "open">;
  aliases: number;
  nodes: number;
  depth: number;
  exhausted: boolean;
}

/** The document with its aliases and merge keys resolved; what cannot be resolved is reported and becomes null. */
export function buildTree(source: Source, root: YamlNode, report: ReportFinding): Node {
  return build({ source, report, anchors: new Map(), aliases: 0, nodes: 0, depth: 0, exhausted: false }, root);
}

function build(state: Build, yaml: YamlNode): Node {
  if (isAlias(yaml)) return aliased(state, yaml);
  const { anchor } = yaml;
  const before = { aliases: state.aliases, nodes: state.nodes };
  if (anchor !== undefined) state.anchors.set(anchor, "open");
  state.nodes++;
  state.depth++;
  const node = isScalar(yaml) ? scalarNode(state, yaml) : collection(state, yaml);
  state.depth--;
  if (anchor !== undefined) {
    const cost = { aliases: state.aliases - before.aliases, nodes: state.nodes - before.nodes };
    state.anchors.set(anchor, { node, ...cost });
  }
  return node;
}

function collection(state: Build, yaml: YAMLMap | YAMLSeq): Node {
  if (state.depth <= DEEPEST) return isMap(yaml) ? map(state, yaml) : list(state, yaml);
  const place = placeOf(state.source, yaml);
  if (!state.exhausted) {
    const message = `nested more than ${DEEPEST} levels deep`;
    state.report({ code: "RC1015", message, at: { ...place, end: place.start + 1 } });
  }
  state.exhausted = true;
  return unread(place);
}

function aliased(state: Build, alias: Alias): Node {
  const place = placeOf(state.source, alias);
  const anchored = state.anchors.get(alias.source);
  if (anchored === undefined || anchored === "open") {
    const message =
      anchored === "open"
        ? `alias "${alias.source}" contains itself`
        : `no anchor "${alias.source}" before this alias`;
    state.report({ code: "RC1012", message, at: place });
    return unread(place);
  }
  state.aliases += 1 + anchored.aliases;
  state.nodes += anchored.nodes;
  if (state.aliases > MOST_ALIASES || state.nodes > MOST_NODES) {
    if (!state.exhausted) {
      const message =
        state.aliases > MOST_ALIASES
          ? `more than ${MOST_ALIASES} alias expansions in one document`
          : "the aliases of this document expand to too many values";
      state.report({ code: "RC1011", message, at: place });
    }
    state.exhausted = true;
    return unread(place);
  }
  return anchored.node;
}

function list(state: Build, yaml: YAMLSeq): ListNode {
  const place = placeOf(state.source, yaml);
  if (yaml.tag !== undefined && yaml.tag !== `${CORE}seq`) reportTag(state, yaml.tag, place);
  const items = yaml.items.map((item) => {
    if (isNode(item)) return build(state, item);
    return isPairLike(item) ? pairInList(state, item, place) : nothing(place);
  });
  return { type: "list", items, ...place };
}

/** `[a: 1]` is a list with a mapping of one key. */
function pairInList(state: Build, pair: { key: unknown; value: unknown }, place: Place): Node {
  const members = new Map<string, Member>();
  const key = keyOf(state, pair.key, place);
  if (key !== undefined) {
    members.set(key.text, {
      key: key.place,
      value: isNode(pair.value) ? build(state, pair.value) : nothing(key.place),
    });
  }
  return { type: "map", members, ...place };
}

function map(state: Build, yaml: YAMLMap): MapNode | ScalarNode {
  const place = placeOf(state.source, yaml);
  if (yaml.tag !== undefined && yaml.tag !== `${CORE}map`) reportTag(state, yaml.tag, place);
  const members = new Map<string, Member>();
  const merged: Node[] = [];
  // An unquoted template is text to the one who wrote it.
  const only = yaml.items.length === 1 ? yaml.items[0]?.key : undefined;
  if (isMap(only) && keyOf(state, only, place) === undefined) return unread(place);
  for (const pair of yaml.items) {
    const key = keyOf(state, pair.key, place);
    if (key === undefined) continue;
    const value = isNode(pair.value) ? build(state, pair.value) : nothing(key.place);
    if (key.text === "<<" && key.plain) {
      for (const from of mergeSources(state, value, key.place)) merged.push(from);
    } else if (members.has(key.text)) {
      state.report({
        code: "RC1008",
        message: `duplicate key "${key.text}"`,
        at: key.place,
        hint: "keep one of them",
      });
    } else members.set(key.text, { key: key.place, value });
  }
  // What is written out wins over what is merged in, and earlier sources over later ones.
  for (const from of merged) {
    if (from.type !== "map") continue;
    for (const [key, value] of from.members) if (!members.has(key)) members.set(key, value);
  }
  return { type: "map", members, ...place };
}

function mergeSources(state: Build, value: Node, at: Place): readonly Node[] {
  const sources = value.type === "list" ? value.items : [value];
  if (!sources.every((source) => source.type === "map")) {
    state.report({ code: "RC1013", message: "`<<` takes a mapping or a list of mappings", at });
  }
  return sources;
}

interface Key {
  readonly text: string;
  readonly place: Place;
  readonly plain: boolean;
}

function keyOf(state: Build, key: unknown, around: Place): Key | undefined {
  if (!isNode(key)) {
    state.report({ code: "RC1009", message: "a key is missing", at: around });
    return undefined;
  }
  const place = placeOf(state.source, key);
  if (!isScalar(key)) {
    const template = state.source.text.startsWith("{{", place.start - 1);
    const hint = template ? "put text with {{…}} in quotes" : undefined;
    state.report({ code: "RC1009", message: "a key must be text", at: place, hint });
    return undefined;
  }
  const node = build(state, key);
  const text = typeof key.value === "string" ? key.value : "";
  if (node.type !== "scalar" || typeof node.value !== "string") {
    const hint = text === "" ? "write the key before the `:`" : `put it in quotes: "${text}"`;
    state.report({
      code: "RC1009",
      message: `a key must be text (got ${text || "nothing"})`,
      at: place,
      hint,
    });
    return undefined;
  }
  if (FORBIDDEN_KEYS.has(text)) {
    state.report({ code: "RC1010", message: `key "${text}" is not allowed`, at: place });
    return undefined;
  }
  return { text, place, plain: key.type === "PLAIN" };
}

function isNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function isPairLike(value: unknown): value is { key: unknown; value: unknown } {
  return typeof value === "object" && value !== null && "key" in value && "value" in value;
}

import type { Chance } from "./chance.ts";
import { anyText, anyValue, Raw } from "./values.ts";

type Tree = Record<string, unknown> | unknown[];
interface Spot {
  readonly parent: Tree;
  readonly key: string;
}

/** JSON that was changed at one to three places. */
export function mutatedJson(value: unknown, chance: Chance): unknown {
  const holder: { root: unknown } = { root: structuredClone(value) };
  for (let left = 1 + chance.below(3); left > 0; left -= 1) {
    const spots = spotsIn(holder);
    change(chance.pick(spots), spots, chance);
  }
  return holder.root;
}

/** The text of a tree, in which `Raw` stands for itself. */
export function textOf(value: unknown, space = 0): string {
  const raws: string[] = [];
  const text = JSON.stringify(
    value,
    (_, part: unknown) => (part instanceof Raw ? `\u0001raw${raws.push(part.text) - 1}\u0001` : part),
    space,
  );
  return text.replaceAll(/"\\u0001raw(\d+)\\u0001"/g, (_, at) => raws[Number(at)] ?? "null");
}

function spotsIn(root: Tree): readonly Spot[] {
  const spots: Spot[] = [];
  const waiting: Tree[] = [root];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop())
    for (const key of Object.keys(parent)) {
      spots.push({ parent, key });
      const part = at({ parent, key });
      if (isTree(part)) waiting.push(part);
    }
  return spots;
}

function change(spot: Spot, others: readonly Spot[], chance: Chance): void {
  const { parent, key } = spot;
  switch (chance.below(8)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (key !== "root") delete parent[key];
      return;
    case 1:
      if (Array.isArray(parent)) parent.push(structuredClone(at(spot)));
      else if (key !== "root") define(parent, anyText(chance).slice(0, 200), structuredClone(at(spot)));
      return;
    case 2:
      return define(parent, key, [at(spot)]);
    case 3:
      return define(parent, key, copy(at(chance.pick(others))));
    case 4: {
      const text = at(spot);
      return define(parent, key, typeof text === "string" ? text + anyText(chance) : anyValue(chance));
    }
    default:
      return define(parent, key, anyValue(chance));
  }
}

/** As JSON has it: `__proto__` is a name like others. */
function define(parent: Tree, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function copy(value: unknown): unknown {
  return value instanceof Raw ? value : structuredClone(value);
}

function at({ parent, key }: Spot): unknown {
  return Object.getOwnPropertyDescriptor(parent, key)?.value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !(value instanceof Raw);
}

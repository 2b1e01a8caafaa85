import { isObject, objectsIn, property, stringsIn, type JsonObject } from "../../../../model/json.ts";
import { rulesOf } from "./rules.ts";

/** What is asked about a conversation, with the values that a made-up one has. */
type Conversation = ReadonlyMap<string, string>;

/** Beyond it, a changed canary counts as a broader one. */
const MOST_CONVERSATIONS = 20_000;
/** In no number and no name. */
const OTHER = "\u0000";

/** Whether some conversation is answered by another version than main with a greater share than before. */
export function isWiderRollout(before: JsonObject, after: JsonObject): boolean {
  const values = [...valuesIn(before), ...valuesIn(after)];
  const attributes = new Map<string, readonly string[]>();
  for (const [attribute] of values) {
    const own = values.filter(([other]) => other === attribute).map(([, value]) => value);
    attributes.set(attribute, representatives(own));
  }
  const count = [...attributes.values()].reduce((product, { length }) => product * length, 1);
  if (count > MOST_CONVERSATIONS) return true;
  return combinations([...attributes]).some(
    (conversation) => share(after, conversation) > share(before, conversation),
  );
}

/**
 * One value for each way in which any other compares with these: equal to one of them, or beginning with one of them
 * and with nothing longer, or like none.
 */
function representatives(values: readonly string[]): readonly string[] {
  return [...new Set([...values, ...values.map((value) => value + OTHER), OTHER])];
}

function combinations(attributes: readonly (readonly [string, readonly string[]])[]): readonly Conversation[] {
  return attributes.reduce<readonly Conversation[]>(
    (all, [attribute, values]) =>
      all.flatMap((one) => values.map((value) => new Map([...one, [attribute, value]]))),
    [new Map()],
  );
}

/** Percent of such conversations that main does not answer: the first rule that fits counts. */
function share(spec: JsonObject, conversation: Conversation): number {
  const rule = rulesOf(spec).find((one) =>
    objectsIn(one["match"]).every((clause) => fits(clause, conversation)),
  );
  const serve = rule === undefined ? undefined : property(rule, "serve");
  if (!isObject(serve)) return 0;
  if (serve["version_id"] !== undefined) return 100;
  return objectsIn(serve["rollout"]).reduce((sum, { weight }) => sum + Number(weight), 0);
}

/** An operator that is not known fits: more is said rather than less. */
function fits({ attribute, operator, values }: JsonObject, conversation: Conversation): boolean {
  const value = conversation.get(String(attribute)) ?? OTHER;
  const wanted = stringsIn(values);
  if (operator === "in") return wanted.includes(value);
  if (operator === "not_in") return !wanted.includes(value);
  return operator !== "starts_with" || wanted.some((one) => value.startsWith(one));
}

function valuesIn(spec: JsonObject): readonly (readonly [string, string])[] {
  const clauses = rulesOf(spec).flatMap(({ match }) => objectsIn(match));
  return clauses.flatMap(({ attribute, values }) =>
    stringsIn(values).map((value) => [String(attribute), value] as const),
  );
}

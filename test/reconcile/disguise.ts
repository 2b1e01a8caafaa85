import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";

/** The same robot in other clothes: everything that the canonical form is not to see is done to it by chance. */
export function disguised(live: JsonObject, chance: Iterator<number>): JsonObject {
  const coin = () => Number(chance.next().value) % 2 === 0;
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [Number(chance.next().value), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  const reordered = (value: JsonObject) => Object.fromEntries(shuffled(Object.entries(value)));
  const { script, voice, tags, skills, variables, ...rest } = live;
  const unique = isList(skills) && new Set(skills.map(keyOf)).size === skills.length;
  return reordered({
    ...rest,
    script: withLineEnds(String(script), coin() ? "\r\n" : "\n") + (coin() ? " \n\n" : ""),
    ...(isObject(voice) ? { voice: reordered(voiceOf(voice, coin)) } : coin() ? { voice: { speed: 1 } } : {}),
    ...(isList(tags) && (tags.length > 0 || coin()) ? { tags: shuffled(tags) } : {}),
    ...(skills === undefined ? {} : { skills: unique ? shuffled(skills as readonly Json[]) : skills }),
    ...(isObject(variables) ? { variables: reordered(variables) } : {}),
    ...(coin() ? { unheard: null } : {}),
    ...(coin() ? { empty: {} } : {}),
  });
}

function voiceOf(voice: JsonObject, coin: () => boolean): JsonObject {
  const { speed, boost, ...rest } = voice;
  return {
    ...rest,
    ...(speed !== undefined && (speed !== 1 || coin()) ? { speed } : {}),
    ...(speed === undefined && coin() ? { speed: 1 } : {}),
    ...(typeof boost === "string" || (boost === null && coin()) ? { boost } : {}),
  };
}

function withLineEnds(text: string, end: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\n", end);
}

function keyOf(skill: Json): string {
  if (!isObject(skill)) return "";
  const type = String(skill["type"]);
  return `${type}:${JSON.stringify(property(skill[type], "name"))}`;
}

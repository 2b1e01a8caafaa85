import type { Scalar } from "yaml";
import type { ReportFinding } from "../../model/finding.ts";
import type { ScalarNode } from "../../model/node.ts";
import { badCharacter } from "./read-file.ts";
import { numberValue, plainValue } from "./scalar.ts";
import type { Place, Source } from "../../model/source.ts";

export interface Reading {
  readonly source: Source;
  readonly report: ReportFinding;
}

export function placeOf(
  source: Source,
  { range }: { readonly range?: readonly [number, number, number] | null },
): Place {
  const [start, end] = range ?? [0, 0];
  return { source, start, end };
}

export function nothing(place: Place): ScalarNode {
  return { type: "scalar", value: null, ...place };
}

/** What could not be read, which has been reported. */
export function unread(place: Place): ScalarNode {
  return { type: "scalar", value: null, unread: true, ...place };
}

export function scalarNode(reading: Reading, yaml: Scalar): ScalarNode {
  const place = placeOf(reading.source, yaml);
  const text = typeof yaml.value === "string" ? yaml.value : "";
  // The text of the file has been checked: only an escape makes another character.
  const bad = yaml.type === "QUOTE_DOUBLE" ? badCharacter(text) : undefined;
  if (bad !== undefined) {
    reading.report({ code: "RC1005", message: `control character ${bad}`, at: place, hint: "remove it" });
    return unread(place);
  }
  if (yaml.tag !== undefined) return tagged(reading, yaml.tag, text, place);
  if (yaml.type !== "PLAIN") return { type: "scalar", value: text, ...place };
  const plain = plainValue(text);
  if ("problem" in plain) {
    reading.report({
      code: "RC1016",
      message: plain.problem,
      at: place,
      hint: "put it in quotes if it is text",
    });
    return unread(place);
  }
  return { type: "scalar", value: plain.value, plain: text, ...place };
}

export const CORE = "tag:yaml.org,2002:";

function tagged(reading: Reading, tag: string, text: string, place: Place): ScalarNode {
  if (tag === `${CORE}str` || tag === "!") return { type: "scalar", value: text, ...place };
  const plain = plainValue(text);
  const value = "value" in plain ? plain.value : undefined;
  if (tag === `${CORE}null` && value === null) return nothing(place);
  if (tag === `${CORE}bool` && typeof value === "boolean") return { type: "scalar", value, ...place };
  if (tag === `${CORE}int` || tag === `${CORE}float`) {
    const number = numberValue(text);
    if (number !== undefined && "value" in number) return { type: "scalar", value: number.value, ...place };
  }
  reportTag(reading, tag, place);
  return unread(place);
}

export function reportTag(reading: Reading, tag: string, at: Place): void {
  const name = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
  reading.report({ code: "RC1014", message: `tag ${name} is not supported here`, at, hint: "remove the tag" });
}

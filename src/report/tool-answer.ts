import { isObject, stringify, type Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import type { ToolAnswer } from "../model/tool-call.ts";
import { duration } from "./phrases.ts";
import { visible, visibleLines } from "../model/visible.ts";
import { paint, type Style } from "./style.ts";
import { indented } from "./value.ts";

/** What was sent to a tool, and what it answered. */
export function toolAnswerText(answer: ToolAnswer, milliseconds: number, style: Style): string {
  const { method, url, headers, ...others } = answer.request;
  const line = [method, url].filter((part) => typeof part === "string").join(" ");
  const fields = isObject(headers)
    ? Object.entries(headers).map(
        ([name, value]) => `${name}: ${typeof value === "string" ? value : stringify(value)}`,
      )
    : [];
  const rest = isObject(headers) || headers === undefined ? others : { headers, ...others };
  const { body, ...more } = rest;
  const texts = Object.entries(more).map(([name, value]) => `${name}: ${stringify(value)}`);
  const outcome = paint(
    [
      { text: `${answer.status} `, tone: answer.isSuccess ? "success" : "failure" },
      { text: `${answer.isSuccess ? "success" : "failure"}, ${duration(milliseconds)}` },
      { text: answer.contentType === "" ? "" : `, ${visible(answer.contentType)}`, tone: "faint" },
    ],
    style,
  );
  const request = [visible(line), ...[...fields, ...texts].map(visible), ...indentedJson(body)];
  return [
    "Request:",
    ...indented(request.filter((text) => text !== "")),
    "Response:",
    ...indented([outcome, ...indentedJson(answer.response)]),
  ].join("\n");
}

/** JSON on several lines; another text as it is. */
function indentedJson(value: Json | undefined): readonly string[] {
  if (value === undefined || value === "") return [];
  return visibleLines(typeof value === "string" ? pretty(value) : stringify(value, 2));
}

function pretty(text: string): string {
  try {
    return stringify(parseJson(text), 2);
  } catch {
    return text.replaceAll("\r\n", "\n");
  }
}

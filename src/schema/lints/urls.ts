import { isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Report } from "../finding.ts";
import type { Lint, LintSubject } from "./lint.ts";
import { nodeAt, textsIn, type ScalarNode } from "../node.ts";
import { schemasAt, typesOf } from "../schema-at.ts";
import { labelled, shown } from "../shown.ts";
import { PLACEHOLDER, urlProblem } from "../url.ts";
import { toolDefinitions } from "./tool-definitions.ts";

const WEB = ["https", "http"];
/** Links that a browser opens. */
const LINKS = [...WEB, "mailto", "tel", "data"];

/** RC3030 and RC3031: fields that hold a URL, and the placeholders in those of webhooks. */
export const urls: Lint = (subjects, report) => {
  for (const subject of subjects) {
    for (const { node, text, path } of textsIn(subject.node)) checkUrl(subject, node, text, path, report);
    for (const { definition, path } of toolDefinitions(subject)) {
      checkPlaceholders(subject, definition["webhook"], [...path, "webhook"], report);
    }
  }
};

function checkUrl(
  subject: LintSubject,
  node: ScalarNode,
  text: string,
  path: readonly string[],
  report: Report,
): void {
  const schemes = schemesAt(subject, path);
  if (schemes === undefined || node.unread === true) return;
  // The API has an empty text for none where the field may be left out.
  if (text === "" && !REQUIRED.has(path.at(-1) ?? "")) return;
  const problem = urlProblem(text, schemes);
  if (problem === undefined || isSaid(subject, text, path)) return;
  const found = text.trim() === "" ? "the URL" : shown(text);
  report({
    code: "RC3030",
    message: `${labelled(`${subject.kind.kind}.spec`, path)}: ${found} ${problem.message}`,
    at: node,
    address: subject.address,
    hint: problem.hint,
  });
}

/** The schema has a pattern for it, and the text another form. */
function isSaid({ kind, spec }: LintSubject, text: string, path: readonly string[]): boolean {
  return schemasAt(kind.schema, spec, path).some(
    ({ pattern }) => typeof pattern === "string" && !new RegExp(pattern, "u").test(text),
  );
}

const REQUIRED: ReadonlySet<string> = new Set(["url", "base_url", "value"]);

/** The schemes that the text at a path may begin with; `undefined` where it is no URL. */
function schemesAt({ kind, spec }: LintSubject, path: readonly string[]): readonly string[] | undefined {
  const key = path.at(-1) ?? "";
  const isMedia = key === "value" && path.at(-2) === "background_audio";
  if (!isMedia && !/(?:^|_)url$/.test(key)) return undefined;
  // Free content may have a field of that name.
  if (!typesOf(schemasAt(kind.schema, spec, path)).includes("string")) return undefined;
  if (isMedia) return property(parentOf(spec, path), "type") === "media_url" ? WEB : undefined;
  if (path.includes("websocket_settings")) return ["wss", "ws"];
  return path.includes("widget_settings") ? LINKS : WEB;
}

function parentOf(spec: JsonObject, path: readonly string[]): Json | undefined {
  return path
    .slice(0, -1)
    .reduce<Json | undefined>(
      (here, segment) =>
        Array.isArray(here) ? (here as readonly Json[])[Number(segment)] : property(here, segment),
      spec,
    );
}

/** `{id}` in an address is filled in from a path parameter of that name, or not at all. */
function checkPlaceholders(
  subject: LintSubject,
  webhook: Json | undefined,
  path: readonly string[],
  report: Report,
): void {
  const url = property(webhook, "url");
  if (typeof url !== "string") return;
  const properties = property(property(webhook, "path_parameters"), "properties");
  const declared = new Set(isObject(properties) ? Object.keys(properties) : []);
  const bare = url.replaceAll(/\{\{[\s\S]*?\}\}|\$\{[^}]*\}/g, "");
  const used = new Set([...bare.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
  const { address } = subject;
  for (const name of used) {
    if (declared.has(name)) continue;
    report({
      code: "RC3031",
      message: `{${name}} in the URL is not a path parameter`,
      at: nodeAt(subject.node, [...path, "url"]),
      address,
      hint: `declare it in path_parameters.properties, or write {{${name}}} for a dynamic variable`,
    });
  }
  for (const name of declared) {
    if (used.has(name) || url.includes("{{")) continue;
    report({
      code: "RC3033",
      message: `the URL has no {${name}} for the path parameter "${name}"`,
      at: nodeAt(subject.node, [...path, "path_parameters", "properties", name]),
      address,
      hint: "add it to the URL, or remove the parameter",
    });
  }
}

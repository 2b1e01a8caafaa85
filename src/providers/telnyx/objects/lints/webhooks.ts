import { isObject, property } from "../../../../model/json.ts";
import type { Lint, LintCheck } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { PLACEHOLDER } from "../../../../model/url.ts";
import type { ToolDefinition, ToolDefinitions } from "./tools.ts";

/** What the API took there while it still applied the value. */
const LEAST = 500;
const MOST = 10_000;

/** RC2018: a webhook's own time limit is stored and not applied. */
export const webhookTimeouts =
  (definitionsIn: ToolDefinitions): Lint =>
  (check) => {
    for (const { subject, definition, path } of definitionsIn(check)) {
      const found = property(definition["webhook"], "timeout_ms");
      if (typeof found !== "number" || (found >= LEAST && found <= MOST)) continue;
      const at = [...path, "webhook", "timeout_ms"];
      check.report({
        code: "RC2018",
        message: `${check.label(subject, at)}: ${found} has no effect: Telnyx stores it and does not apply it`,
        at: nodeAt(subject.node, at),
        address: subject.address,
        hint: "set `timeout_ms` of the tool, next to `type`",
      });
    }
  };

/** RC3031 and RC3033: `{id}` in an address is filled in from a path parameter of that name, or not at all. */
export const pathParameters =
  (definitionsIn: ToolDefinitions): Lint =>
  (check) => {
    for (const tool of definitionsIn(check)) checkPathParameters(tool, check);
  };

function checkPathParameters({ subject, definition, path }: ToolDefinition, { report }: LintCheck): void {
  const webhook = definition["webhook"];
  const url = property(webhook, "url");
  if (typeof url !== "string") return;
  const properties = property(property(webhook, "path_parameters"), "properties");
  const declared = new Set(isObject(properties) ? Object.keys(properties) : []);
  const bare = url.replaceAll(/\{\{[\s\S]*?\}\}|\$\{[^}]*\}/g, "");
  const used = new Set([...bare.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
  const { address } = subject;
  const placeOf = (...below: readonly string[]) => nodeAt(subject.node, [...path, "webhook", ...below]);
  for (const name of used) {
    if (declared.has(name)) continue;
    report({
      code: "RC3031",
      message: `{${name}} in the URL is not a path parameter`,
      at: placeOf("url"),
      address,
      hint: `declare it in path_parameters.properties, or write {{${name}}} for a dynamic variable`,
    });
  }
  for (const name of declared) {
    if (used.has(name) || url.includes("{{")) continue;
    report({
      code: "RC3033",
      message: `the URL has no {${name}} for the path parameter "${name}"`,
      at: placeOf("path_parameters", "properties", name),
      address,
      hint: "add it to the URL, or remove the parameter",
    });
  }
}

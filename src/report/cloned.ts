import type { CloneResult } from "../model/copies-result.ts";
import type { JsonObject } from "../model/json.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { pullJson, pullText } from "./pull.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "./style.ts";

/** What a pull wrote for a clone, and what is left to do. */
export function cloneText(result: CloneResult, style: Style): string {
  const { pull, environment } = result;
  const lines = remarks(result).map(visible);
  return `${pullText(pull, environment, style)}${lines.join("\n")}\n`;
}

function remarks({ source, clone, notCloned, isNamesake, pull, again }: CloneResult): readonly string[] {
  return [
    ...(pull.status === "blocked" ? [`${clone.id} exists at Telnyx. To try again, run: ${again}`] : []),
    ...notCloned.map((path) => `Not cloned: ${clone.address} ${path}: the API leaves it out. Declare it.`),
    ...(isNamesake
      ? [`The clone has the name of its source, "${source.name}". Change it in the manifest and apply.`]
      : []),
  ];
}

/** Source and clone, the files and objects of the pull, and what was not cloned. */
export function cloneJson(result: CloneResult, options: JsonOptions): JsonObject {
  const { environment, source, clone, notCloned, isNamesake, pull } = result;
  return {
    ...envelope(options),
    ...plain({ environment, source, clone, notCloned, isNamesake }),
    pull: pullJson(pull, environment),
  };
}

import type { ImportedObject, ImportResult, ImportTodo } from "../model/copies-result.ts";
import type { JsonObject } from "../model/json.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { counted, listed } from "./phrases.ts";
import { pullJson, pullText } from "./pull.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, remark, toText } from "./text/sections.ts";

/** What was imported from another provider, assistant by assistant, what is left to do, and what was not imported. */
export function importText(result: ImportResult, style: Style): string {
  const { provider, assistants, pull, environment } = result;
  const todos = assistants.flatMap((one) => one.todos).map((one) => `${placeOf(one)}: ${one.what}`);
  const gaps = assistants.flatMap((one) =>
    one.gaps.map(({ fields, why }) => `${nameOf(one)} ${fields.join(", ")}: ${why}`),
  );
  const text = toText(
    [
      assistants.length === 0 ? [] : section(`Imported from ${provider}`, assistants.map(titleOf)),
      todos.length === 0 ? [] : section("Left to do", [...new Set(todos)]),
      gaps.length === 0 ? [] : section("Not migrated, if the agent has it", gaps),
      [
        [{ text: visible(summary(result)), tone: "title" }],
        ...remarks(result).flatMap((line) => remark(visible(line))),
      ],
    ],
    style,
  );
  return pull === undefined ? text : `${pullText(pull, environment, style)}\n${text}`;
}

function section(title: string, lines: readonly string[]): readonly Line[] {
  return [...heading(title), ...lines.map((text): Line => [{ text: visible(`  ${text}`) }])];
}

function titleOf(one: ImportedObject): string {
  const address = one.address === undefined ? "" : `${one.address} `;
  return `${address}"${one.name}" (${one.id}), at the provider ${one.importId}`;
}

function nameOf({ address, id }: Pick<ImportedObject, "address" | "id">): string {
  return address ?? id;
}

function placeOf({ address, kind, id, path }: ImportTodo): string {
  return `${address ?? `${kind} ${id}`} ${path}`;
}

function summary({ provider, assistants }: ImportResult): string {
  return `Imported ${counted(assistants.length, "assistant")} from ${provider}.`;
}

function remarks({ assistants, missing, leftOut, drift }: ImportResult): readonly string[] {
  const without = assistants.filter(({ address }) => address === undefined);
  const overwritten = assistants.filter(({ isOverwritten }) => isOverwritten);
  return [
    ...(missing.length === 0 ? [] : [`Not imported: ${listed(missing)}.`]),
    ...(leftOut === undefined ? [] : [leftOut]),
    ...without.map(({ name, id }) => `"${name}" (${id}) has no manifest.`),
    ...overwritten.map(
      (one) => `The manifest of ${nameOf(one)} was not changed. To see what differs, run: ${drift}`,
    ),
  ];
}

/** The imported assistants, the files and objects of the pull, and what was not imported. */
export function importJson(result: ImportResult, options: JsonOptions): JsonObject {
  const { provider, environment, assistants, missing, leftOut, pull } = result;
  return {
    ...envelope(options),
    ...plain({ provider, environment, assistants, missing, leftOut }),
    pull: pull === undefined ? null : pullJson(pull, environment),
  };
}

import type { MigrationResult } from "../model/migration.ts";
import { pad, widest } from "./layout.ts";
import { counted, listed } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, remark, toText } from "./text/sections.ts";
import type { JsonObject } from "../model/json.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";

/** What a migration wrote, what is left to do, and what was not migrated. */
export function migrationText(result: MigrationResult, style: Style): string {
  const { files, todos, losses } = result;
  const width = widest(files.map(({ file }) => visible(file)));
  const lines: readonly Line[] = files.map(({ file, addresses }) => [
    { text: `  ${pad(visible(file), width)}  ${addresses.map(visible).join(", ")}` },
  ]);
  const wanted = todos.map(({ address, path, what }): Line => [
    { text: `  ${visible(`${address} ${path}: ${what}`)}` },
  ]);
  const lost = losses.map(({ file, at, why }): Line => [{ text: `  ${visible(`${file} ${at}: ${why}`)}` }]);
  return toText(
    [
      [...heading("Files"), ...lines],
      wanted.length === 0 ? [] : [...heading("Left to do"), ...wanted],
      lost.length === 0 ? [] : [...heading("Not migrated"), ...lost],
      [
        [{ text: visible(summary(result)), tone: "title" }],
        ...remarks(result).flatMap((text) => remark(visible(text))),
      ],
    ],
    style,
  );
}

function summary({ provider, files, todos, losses, isDryRun }: MigrationResult): string {
  const verb = isDryRun ? "Would write" : "Wrote";
  const counts = `${counted(todos.length, "value")} left to do, ${counted(losses.length, "value")} not migrated`;
  return `${verb} ${counted(files.length, "file")} from ${provider}: ${counts}.`;
}

function remarks({ missingEntries, todos, isDryRun }: MigrationResult): readonly string[] {
  return [
    ...(missingEntries.length === 0
      ? []
      : [`Add ${listed(missingEntries)} to spec.manifests of rollcall.yaml.`]),
    ...(isDryRun ? [] : ["Nothing was sent. The comments in the files list what was not migrated."]),
    ...(isDryRun || todos.length === 0 ? [] : ['Run "rollcall validate" to see what is left to do.']),
  ];
}

/** The files of a migration, what is left to do in them, and what was not migrated. */
export function migrationJson(result: MigrationResult, options: JsonOptions): JsonObject {
  const { provider, isDryRun, files, todos, losses, missingEntries } = result;
  return {
    ...envelope(options),
    ...plain({ provider, status: isDryRun ? "planned" : "migrated", files, todos, losses, missingEntries }),
  };
}

import { Argument, Option } from "commander";
import { IMPORT_PROVIDERS, type ImportProvider } from "../../model/live-copies.ts";
import type { MigrateOptions } from "../commands/migrate.ts";
import type { ImportOptions } from "../commands/migrate-online.ts";
import { UsageError } from "../failure.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { copying } from "./live-copies.ts";
import { environmentCommand, repeatable } from "./options.ts";

type Options = MigrateOptions & Omit<ImportOptions, "secretRef" | "format"> & { readonly secretRef?: string };

/** From other providers: from their own files, or by Telnyx. */
export function migrateCommand({ program, io, formats, ended }: Context): void {
  const command = environmentCommand(
    program,
    "migrate",
    "write manifests for the agents of another provider, from its own files or by an import of Telnyx",
  )
    .addArgument(new Argument("<provider>", "provider of the agents").choices(IMPORT_PROVIDERS))
    .addOption(
      repeatable(
        "--from <file>",
        "JSON file of the provider: an agent, a squad, or a language model; sends nothing",
      ),
    )
    .addOption(new Option("--dry-run", "with --from: show the files, and write nothing"))
    .addOption(formatOption(formatsOf(formats, "migration")))
    .addOption(
      new Option(
        "--secret-ref <name>",
        "integration secret with the API key of the provider; Telnyx imports the agents with it",
      ),
    )
    .addOption(repeatable("--id <id>", "with --secret-ref: only the agent with this id at the provider"))
    .option("--overwrite", "with --secret-ref: import managed assistants again");
  copying(command).action(async (provider: ImportProvider, options: Options) => {
    const { secretRef } = options;
    checkTogether(options);
    const format = formatsOf(formats, "imported").find(({ name }) => name === options.format.name);
    if (format === undefined) throw new Error(`${options.format.name} shows no import`);
    ended(
      secretRef === undefined
        ? await (await import("../commands/migrate.ts")).migrateCommand(io, provider, options)
        : await (
            await import("../commands/migrate-online.ts")
          ).migrateOnlineCommand(io, provider, { ...options, secretRef, format }),
    );
  });
}

/** An option of the other way would be overlooked. */
function checkTogether({ secretRef, from, dryRun, id, overwrite }: Options): void {
  const offline = [...(from.length > 0 ? ["--from"] : []), ...(dryRun === true ? ["--dry-run"] : [])];
  const online = [...(id.length > 0 ? ["--id"] : []), ...(overwrite === true ? ["--overwrite"] : [])];
  const [stray] = secretRef === undefined ? online : offline;
  if (stray === undefined) return;
  throw new UsageError(
    secretRef === undefined ? `${stray} needs --secret-ref` : `${stray} cannot be used with --secret-ref`,
  );
}

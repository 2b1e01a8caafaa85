import type { Command } from "commander";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { commandWords, type Placeholders, type Values } from "../completion/words.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { DIAGNOSTIC_RULES } from "../../schema/diagnostics/diagnostics-table.ts";
import type { ExitCode } from "../exit-code.ts";
import { print, type Io } from "../io.ts";
import { KINDS } from "../project.ts";

export type Shell = "bash" | "zsh" | "fish";

/** How a shell would say it. */
const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** The script that teaches a shell the commands, options and choices of the program. */
export async function completionCommand(io: Io, shell: Shell, program: Command): Promise<ExitCode> {
  await print(io, SCRIPTS[shell](commandWords(program, placeholders())));
  return 0;
}

/** What the manifests declare, and what left them. */
const TARGETS: Values = { type: "project", what: "targets" };
const LEDGER: Values = { type: "project", what: "ledger" };

function placeholders(): Placeholders {
  const kinds = [...KINDS.keys()];
  return {
    file: { type: "files" },
    "plan.json": { type: "files" },
    path: { type: "files" },
    dir: { type: "folders" },
    environment: { type: "project", what: "environments" },
    address: { type: "project", what: "addresses" },
    "suite or address": { type: "project", what: "addresses" },
    "plan address": TARGETS,
    "apply address": TARGETS,
    "destroy address": TARGETS,
    "ledger show address": LEDGER,
    "ledger forget address": LEDGER,
    "ledger move from": LEDGER,
    "ledger move to": { type: "project", what: "addresses" },
    "kind or object": { type: "project", what: "objects" },
    object: { type: "project", what: "addresses" },
    assistant: { type: "project", what: "addresses" },
    tool: { type: "project", what: "addresses" },
    test: { type: "project", what: "addresses" },
    version: { type: "project", what: "addresses" },
    kind: { type: "words", words: kinds },
    "kind.field": {
      type: "words",
      words: [...kinds, "Project", ...DIAGNOSTIC_RULES.map(({ code }) => code)],
    },
  };
}

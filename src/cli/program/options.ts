import { InvalidArgumentError, Option, type Command } from "commander";
import { MOST_AT_A_TIME } from "../../providers/telnyx/client/window.ts";
import { CHOICE_NAMES, isChoiceName } from "../../reconcile/saved-plan/saved-choices.ts";
import { onConflict } from "../conflict-option.ts";

export const ENVIRONMENT = ["--env <environment>", "environment in rollcall.yaml"] as const;
export const NO_COLOR = ["--no-color", "disable colored output"] as const;
export const YES = ["-y, --yes", "do not ask for confirmation"] as const;
export const ALLOW_PENDING_EVENTS = [
  "--allow-pending-events",
  "allow deleting assistants with pending scheduled events, which are lost",
] as const;
const DEFAULT_PROJECT = "default: the current folder or its nearest parent project";
export const PROJECT = ["--project <path>", `project folder; ${DEFAULT_PROJECT}`] as const;

/** A command that loads a project in one environment; `paths` says what its argument can be. */
export function projectCommand(
  program: Command,
  name: string,
  description: string,
  paths = "project folder, folder of manifests, or one file",
): Command {
  return environmentCommand(program, name, description).argument("[path]", `${paths}; ${DEFAULT_PROJECT}`);
}

export function environmentCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option(...ENVIRONMENT)
    .addOption(variables())
    .option(...NO_COLOR)
    .option("-q, --quiet", "hide progress")
    .option("-v, --verbose", "show every request");
}

export function planningCommand(command: Command): Command {
  return command
    .option("--prune", "delete managed resources that are no longer in the manifests")
    .addOption(onConflict())
    .option("--adopt", "change objects that are matched by name and are not in the ledger")
    .option("--allow-mass-change", "allow changing more than 30% of managed resources")
    .option(...ALLOW_PENDING_EVENTS)
    .addOption(repeatable("--target <address>", "only this resource and its dependencies"))
    .addOption(repeatable("--selector <key=value>", "only resources with this label"))
    .addOption(parallelism())
    .addOption(full());
}

export function lockTimeout(): Option {
  return new Option("--lock-timeout <duration>", "how long to wait for the ledger lock: 30s, 5m")
    .argParser(duration)
    .default(0, "0s");
}

export function full(): Option {
  return new Option("--full", "show long values in full");
}

export function variables(): Option {
  return valueByName("--var <name=value>", "set a variable; repeatable");
}

export function valueByName(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collected).default({}, "none");
}

export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(listed).default([], "none");
}

export function parallelism(): Option {
  return new Option("--parallelism <n>", "maximum concurrent requests; starts at 4 and adapts to the API")
    .argParser(wholeNumber)
    .default(MOST_AT_A_TIME);
}

function collected(text: string, previous: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

function listed(text: string, previous: readonly string[]): readonly string[] {
  return [...previous, text];
}

/** Between choices; keys of lists in paths can contain commas, too. */
const COMMA = new RegExp(`,(?=\\s*(?:${CHOICE_NAMES.join("|")}))`);

export function acceptedChoices(text: string): readonly string[] {
  const choices = text === "none" ? [] : text.split(COMMA).map((choice) => choice.trim());
  if (choices.every(isChoiceName)) return choices;
  throw new InvalidArgumentError(`Expected none, or some of ${CHOICE_NAMES.join(",")}.`);
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export function duration(text: string): number {
  const match = /^(\d{1,6})(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Expected a duration such as 30s or 5m.");
  return Number(match[1]) * (UNITS[match[2] ?? "s"] ?? 1000);
}

export function textOrJson(): Option {
  return new Option("--format <format>", "output format").choices(["text", "json"]).default("text");
}

import { readdir } from "node:fs/promises";
import { delimiter, isAbsolute, join, relative, resolve } from "node:path";
import { hiddenPart, isGitFolder, isInside, realPath } from "../host/files/paths.ts";
import { refusalOf } from "../model/allowed-hosts.ts";
import type { SourceRange } from "../model/diagnostic.ts";
import {
  type FileChoice,
  type GitChoice,
  type HttpChoice,
  isRemoteName,
  type LedgerChoice,
  LedgerError,
} from "../model/ledger.ts";
import { proxyIn } from "../model/proxy.ts";
import { fileLedger } from "./file.ts";
import { gitEnvironments, gitLedger, ledgerRef, type GitLedgerOptions } from "./git.ts";
import type { Judge } from "./holder.ts";
import { httpLedger } from "./http.ts";
import type { MovableLedger } from "./session.ts";

export interface LedgerContext extends Judge {
  /** The folder of the project. */
  readonly root: string;
  /** Paths in messages are relative to it. */
  readonly cwd: string;
  readonly project: string;
  readonly environment: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of Rollcall. */
  readonly version: string;
  /** Of this process. */
  readonly pid?: number;
  /** The Git commit of the manifests. */
  readonly source?: string | undefined;
  readonly onNotice?: (message: string) => void;
  /** Where the project says which ledger, for messages. */
  readonly declaredAt?: SourceRange | undefined;
  /** The user who runs the command has given the path, so it may be anywhere. */
  readonly isPathTyped?: boolean;
}

const FOLDER = ".rollcall";

/** The ledger of one environment of a project. Throws `LedgerError` for settings that cannot be used. */
export function openLedger(choice: LedgerChoice, context: LedgerContext): MovableLedger {
  switch (choice.backend) {
    case "file":
      return openFile(choice, context);
    case "git":
      return openGit(choice, context);
    case "http":
      return openHttp(choice, context);
  }
}

function openFile({ path: folder = FOLDER }: FileChoice, context: LedgerContext): MovableLedger {
  const { root, cwd, environment, env, runtime, isAlive, onNotice, isPathTyped = false } = context;
  const path = join(resolve(root, folder), `${environment}.json`);
  const place = relative(cwd, path);
  const check = (real: string) => checkPlace(real, `file ${place}`, root, env[ALLOWED_PATHS]);
  return fileLedger({ path, place, runtime, isAlive, onNotice, ...(isPathTyped ? {} : { check }) });
}

/**
 * The environments of the project whose ledgers are next to the current one, declared or not: files in its folder, or
 * refs of its remote. A folder that cannot be read has none. Ledgers on a server cannot be listed.
 */
export async function environmentsBeside(
  choice: LedgerChoice,
  context: LedgerContext,
): Promise<readonly string[]> {
  if (choice.backend === "git")
    return choice.ref === undefined ? gitEnvironments(gitPlace(choice, context), context.project) : [];
  if (choice.backend !== "file") return [];
  try {
    const names = await readdir(resolve(context.root, choice.path ?? FOLDER));
    return names.flatMap((name) => /^([^.].*)\.json$/.exec(name)?.[1] ?? []).sort();
  } catch {
    return [];
  }
}

function openGit(choice: GitChoice, context: LedgerContext): MovableLedger {
  const { project, environment } = context;
  return gitLedger({ ...gitPlace(choice, context), ref: choice.ref ?? ledgerRef(project, environment) });
}

function gitPlace({ remote }: GitChoice, context: LedgerContext): Omit<GitLedgerOptions, "ref"> {
  const { root, env, pid, source, runtime, isAlive, onNotice } = context;
  if (remote !== undefined && !isRemoteName(remote)) {
    const message = "remote is the name of a Git remote, not an address";
    throw new LedgerError("unavailable", message);
  }
  return {
    repository: root,
    remote,
    declaredAt: context.declaredAt && placeOf(context.declaredAt, context),
    env,
    pid,
    source,
    runtime,
    isAlive,
    onNotice,
  };
}

function placeOf({ file, start }: SourceRange, { root, cwd }: LedgerContext): string {
  return `${relative(cwd, join(root, file))}:${start.line}:${start.column}`;
}

function openHttp(choice: HttpChoice, context: LedgerContext): MovableLedger {
  const { env, version, runtime, isAlive, onNotice } = context;
  const { backend: _, username, password, ...addresses } = choice;
  checkDestinations(choice, env);
  return httpLedger({
    ...addresses,
    username: valueOf(username, env),
    password: valueOf(password, env),
    proxy: proxyIn(env),
    version,
    runtime,
    isAlive,
    onNotice,
  });
}

/** Before the first of them is looked at: every address gets the same credentials. */
function checkDestinations(choice: HttpChoice, env: LedgerContext["env"]): void {
  const { address, lockAddress, unlockAddress, username, password } = choice;
  const variables = [username, password].flatMap((named) => (named === undefined ? [] : [named.env]));
  for (const text of [address, lockAddress, unlockAddress]) {
    // What is no URL is refused when the ledger is made of it.
    if (text === undefined || !URL.canParse(text)) continue;
    const refusal = refusalOf({ use: "ledger", url: new URL(text), variables }, env);
    if (refusal !== undefined) throw new LedgerError("unavailable", `${refusal.message}; ${refusal.hint}`);
  }
}

function valueOf(
  named: { readonly env: string } | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (named === undefined) return undefined;
  const value = env[named.env] ?? "";
  if (value !== "") return value;
  throw new LedgerError(
    "unavailable",
    `the environment variable ${named.env}, which the ledger needs, is not set`,
  );
}

/** The one hidden folder that is the ledger's own. */
const OWN_FOLDERS = [".rollcall"];

/** Folders outside of projects that the user allows for ledgers, written like `PATH`. */
const ALLOWED_PATHS = "ROLLCALL_ALLOWED_PATHS";

/**
 * The repository chooses where its ledger is, and others write to the repository: a ledger is inside of the project and
 * not in a hidden folder, or in a folder that the environment allows. `path` is free of links. Throws `LedgerError`.
 */
function checkPlace(path: string, place: string, root: string, allowed = ""): void {
  const project = realPath(root);
  const folders = allowed.split(delimiter).filter(isAbsolute).map(realPath);
  if (folders.some((folder) => isInside(folder, path)) && !path.split(/[/\\]/).some(isGitFolder)) return;
  if (!isInside(project, path)) {
    const why = `it is outside of the project, links included; keep it inside, or allow its folder with ${ALLOWED_PATHS}`;
    throw new LedgerError("unavailable", `${place} cannot be used: ${why}`);
  }
  if (hiddenPart(relative(project, path), OWN_FOLDERS) === undefined) return;
  const why = "it is in a hidden folder, and .rollcall is the only one for ledgers";
  throw new LedgerError("unavailable", `${place} cannot be used: ${why}`);
}

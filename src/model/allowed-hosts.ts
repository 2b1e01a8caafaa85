import { API_URL } from "./api-url.ts";
import { isLoopback } from "./loopback.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A connection that a project file asks for. */
export interface Destination {
  readonly use: "api" | "ledger";
  readonly url: URL;
  /** The environment variables whose values are sent there. */
  readonly variables: readonly string[];
}

/** Which variables go to which hosts. */
interface Rule {
  readonly use?: Destination["use"];
  readonly isHost: (url: URL) => boolean;
  readonly isVariable: (name: string) => boolean;
}

/** The variable of the operator that adds hosts. */
const ALLOWED_HOSTS = "ROLLCALL_ALLOWED_HOSTS";

const isTelnyxVariable = matching(/(?:^|_)TELNYX(?:_|$)/);
const isLedgerVariable = matching(
  /(?:^|_)(?:LEDGER|STATE)(?:_|$)|^ROLLCALL_|^TF_(?:HTTP_)?(?:USERNAME|PASSWORD)$/,
);
const isGitLabVariable = matching(/^CI_JOB_TOKEN$|^CI_DEPLOY_(?:USER|PASSWORD)$|^GITLAB_/);
const isGitHubVariable = matching(/^(?:GITHUB|GH)_TOKEN$|^GITHUB_ACTOR$/);

/**
 * Who can change a file of the repository chooses host and variable in it. What none of these rules allows is allowed by
 * the operator alone, in the environment of the process. The table in docs/security.md says the same.
 */
function rulesOf(env: Environment): readonly Rule[] {
  const isGitLab = env["GITLAB_CI"] === "true" ? either(isHere, oneOf(gitLabHosts(env))) : () => false;
  const gitHub = env["GITHUB_ACTIONS"] === "true" ? hostsIn(env, "GITHUB_SERVER_URL", "GITHUB_API_URL") : [];
  const api = [new URL(API_URL).host, ...hostsIn(env, "TELNYX_BASE_URL")];
  return [
    { use: "api", isHost: oneOf(api), isVariable: isTelnyxVariable },
    { use: "api", isHost: isHere, isVariable: isTelnyxVariable },
    { use: "ledger", isHost: isHere, isVariable: isLedgerVariable },
    { use: "ledger", isHost: isGitLab, isVariable: either(isLedgerVariable, isGitLabVariable) },
    { use: "ledger", isHost: oneOf(gitHub), isVariable: either(isLedgerVariable, isGitHubVariable) },
    ...operatorRules(env),
  ];
}

export interface HostRefusal {
  readonly message: string;
  readonly hint: string;
}

/** Why a connection is not made, and what makes it allowed; `undefined` when it and its variables are allowed. */
export function refusalOf({ use, url, variables }: Destination, env: Environment): HostRefusal | undefined {
  const rules = rulesOf(env).filter((rule) => (rule.use ?? use) === use && rule.isHost(url));
  const refused = variables.filter((variable) => !rules.some((rule) => rule.isVariable(variable)));
  if (rules.length > 0 && refused.length === 0) return undefined;
  const entries = refused.length === 0 ? [url.host] : refused.map((variable) => `${url.host}=${variable}`);
  const what =
    refused.length === 0
      ? `no connection is made to ${url.host}`
      : `${refused.join(" and ")} is not sent to ${url.host}`;
  const message = `${what}: the project file sets this host, and a file in the repository cannot allow it`;
  return { message, hint: wayOut(url, entries, env) };
}

function wayOut(url: URL, entries: readonly string[], env: Environment): string {
  if (url.protocol !== "https:" && !isHere(url)) return "write https://: plain http can be read by others";
  const unreadable = operatorEntries(env).find((entry) => ruleIn(entry) === undefined);
  return unreadable === undefined
    ? `to allow it, add "${entries.join(",")}" to the environment variable ${ALLOWED_HOSTS}, outside of the repository`
    : `in ${ALLOWED_HOSTS}, ${JSON.stringify(unreadable)} is not host, host:port or host=VARIABLE`;
}

function operatorRules(env: Environment): readonly Rule[] {
  return operatorEntries(env).flatMap((entry) => ruleIn(entry) ?? []);
}

function operatorEntries(env: Environment): readonly string[] {
  return (env[ALLOWED_HOSTS] ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
}

/** `host`, `host:port` or `host=VARIABLE`; what is anything else allows nothing. */
function ruleIn(entry: string): Rule | undefined {
  const [, name = "", variable] = /^([^=]+)(?:=([A-Za-z_][A-Za-z0-9_]*))?$/.exec(entry) ?? [];
  const host = hostOf(name);
  if (host === undefined) return undefined;
  const isVariable = (text: string) => text === variable;
  return {
    isHost: oneOf([host]),
    isVariable: variable === undefined ? either(isTelnyxVariable, isLedgerVariable) : isVariable,
  };
}

/** `URL.host` of a host with or without a port, which leaves the usual port out. */
function hostOf(text: string): string | undefined {
  if (!/^(?:[\p{L}\p{N}._-]+|\[[\da-fA-F:.]+\])(?::\d+)?$/u.test(text)) return undefined;
  return URL.canParse(`https://${text}`) ? new URL(`https://${text}`).host : undefined;
}

function gitLabHosts(env: Environment): readonly string[] {
  const port = env["CI_SERVER_PORT"] ?? "";
  const server = hostOf(`${env["CI_SERVER_HOST"] ?? ""}${port === "" ? "" : `:${port}`}`);
  return [...(server === undefined ? [] : [server]), ...hostsIn(env, "CI_SERVER_URL", "CI_API_V4_URL")];
}

function hostsIn(env: Environment, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const text = env[name] ?? "";
    return URL.canParse(text) ? [new URL(text).host] : [];
  });
}

/** Exactly these hosts and ports, and only over a connection that others cannot read. */
function oneOf(hosts: readonly string[]): Rule["isHost"] {
  return (url) => (url.protocol === "https:" || isHere(url)) && hosts.includes(url.host);
}

function isHere({ hostname, protocol }: URL): boolean {
  return isLoopback(hostname) && (protocol === "http:" || protocol === "https:");
}

function matching(pattern: RegExp): Rule["isVariable"] {
  return (name) => pattern.test(name.toUpperCase());
}

function either<T>(...tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  return (value) => tests.some((test) => test(value));
}

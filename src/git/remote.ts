import type { Environment } from "./environment.ts";
import { LOCAL_TIMEOUT, whole, type Repository } from "./repository.ts";
import { GitError, PLAIN_GIT, type Git } from "./run.ts";
import { parseScopedSettings, transportSettings, type ScopedSetting, type Setting } from "./settings.ts";

/** The name of the remote in Rollcall's own Git folder. */
export const REMOTE = "rollcall";

/** How to reach a remote of a repository from Rollcall's own Git folder. */
export interface Remote {
  readonly settings: readonly Setting[];
  /** Everything that is set, for its values. */
  readonly all: readonly ScopedSetting[];
}

const SINCE = [2, 31] as const;

/** `name` is one of the repository's remotes; by default `origin`, or else the repository itself. */
export async function findRemote(repository: Repository, name: string | undefined, git: Git): Promise<Remote> {
  const list = await ask(repository, git, ["config", "--list", "-z", "--show-scope"]);
  const all = parseScopedSettings(list);
  const names = remoteNames(all);
  const chosen = name ?? (names.has("origin") ? "origin" : undefined);
  if (chosen !== undefined && !names.has(chosen)) {
    const known = names.size === 0 ? "it has none" : `it has ${[...names].sort().join(", ")}`;
    throw new GitError(`the repository has no remote "${chosen}": ${known}`);
  }
  const remote = chosen === undefined ? itself(repository) : remoteSettings(all, chosen);
  return { all, settings: [...transportSettings(all), ...remote] };
}

/** Throws where an address is not one of a repository, or would send credentials in clear. `at` is our Git folder. */
export async function checkAddress(
  { top }: Repository,
  remote: Remote,
  at: Environment,
  git: Git,
): Promise<void> {
  const args = ["ls-remote", "--get-url", REMOTE];
  const { env } = git;
  const call = {
    args,
    cwd: top,
    env,
    at,
    settings: remote.settings,
    isRemote: true,
    timeout: LOCAL_TIMEOUT,
  } as const;
  const result = await git.run(call);
  if (result.code !== 0) throw new GitError("the address of the remote cannot be read", result);
  const problem = addressProblem(result.stdout.trim());
  if (problem !== undefined) throw new GitError(problem);
}

async function ask(
  { top, ...repository }: Repository,
  { run, env }: Git,
  args: readonly string[],
): Promise<string> {
  const at = whole({ top, ...repository });
  const version = await run({ args: ["version"], cwd: top, env, timeout: LOCAL_TIMEOUT });
  if (version.code !== 0) throw new GitError("git cannot be run", version);
  checkVersion(version.stdout);
  const result = await run({ args, cwd: top, env, at, isRemote: true, timeout: LOCAL_TIMEOUT });
  if (result.code !== 0) throw new GitError("the settings of the repository cannot be read", result);
  return result.stdout;
}

function checkVersion(text: string): void {
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const isOld = Number(major) < SINCE[0] || (Number(major) === SINCE[0] && Number(minor) < SINCE[1]);
  if (isOld) throw new GitError(`Git ${SINCE.join(".")} or newer is needed, and this is ${text.trim()}`);
}

const ADDRESS_OF = /^remote\.(.+)\.(?:push)?url$/s;

function remoteNames(settings: readonly Setting[]): ReadonlySet<string> {
  return new Set(settings.flatMap(({ key, value }) => (value === "" ? [] : (ADDRESS_OF.exec(key)?.[1] ?? []))));
}

/** The remote by this name, under the name that our Git folder gives it. It names no program. */
export function remoteSettings(settings: readonly Setting[], name: string): readonly Setting[] {
  const own = `remote.${name}.`;
  const of = (what: string) =>
    settings.find(({ key, value }) => key === `${own}${what}` && value !== "")?.value;
  const others = settings.filter(({ key }) => key.startsWith(own) && /\.(?:proxy|proxyauthmethod)$/.test(key));
  return [
    { key: `remote.${REMOTE}.url`, value: of("pushurl") ?? of("url") ?? "" },
    ...others.map(({ key, value }) => ({ key: `remote.${REMOTE}.${key.slice(own.length)}`, value })),
  ];
}

/** The other end runs here as well. */
function itself({ commonDir }: Repository): readonly Setting[] {
  return [
    { key: `remote.${REMOTE}.url`, value: commonDir },
    { key: `remote.${REMOTE}.uploadpack`, value: `${PLAIN_GIT} upload-pack` },
    { key: `remote.${REMOTE}.receivepack`, value: `${PLAIN_GIT} receive-pack` },
  ];
}

const SCHEMES = new Set(["http:", "https:", "ssh:", "git+ssh:", "ssh+git:", "git:", "file:"]);

/** Why an address of a remote is not used. */
export function addressProblem(address: string): string | undefined {
  if (address.startsWith("-")) return 'the address of the remote begins with "-"';
  const [scheme] = /^[a-z0-9][a-z0-9+.-]*:(?::|\/\/)/i.exec(address) ?? [];
  if (scheme === undefined) return undefined;
  if (scheme.endsWith("::") || !SCHEMES.has(scheme.slice(0, -2).toLowerCase())) {
    return `the address of the remote begins with ${scheme}, and only https, ssh, git and file are used`;
  }
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  if (protocol !== "http:" || isLoopback) return undefined;
  return "the address of the remote is plain http, which would send its content and the credentials in clear: use https";
}

import { isAbsolute, resolve } from "node:path";

/** These would lead a command to another repository than the one it is run for, or to a prompt. */
const DROPPED = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_QUARANTINE_PATH",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_DEFAULT_HASH",
]);

export type Environment = Readonly<Record<string, string>>;

/** The environment for every call: no other repository, no prompts, English messages, no traces among the errors. */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined &&
      !DROPPED.has(pair[0]) &&
      !(pair[0].startsWith("GIT_TRACE") && !isAbsolute(pair[1])),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    LANGUAGE: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GCM_INTERACTIVE: "never",
    SSH_ASKPASS_REQUIRE: "never",
  };
}

export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** What `git config --list -z` prints. */
export function parseSettings(text: string): readonly Setting[] {
  return text
    .split("\0")
    .filter((item) => item !== "")
    .map((item) => {
      const at = item.indexOf("\n");
      return at < 0 ? { key: item, value: "true" } : { key: item.slice(0, at), value: item.slice(at + 1) };
    });
}

/** Hands settings to Git without a file to leave behind and without the command line, which everybody can read. */
export function withSettings(env: Environment, settings: readonly Setting[]): Environment {
  const first = Math.max(0, Number.parseInt(env["GIT_CONFIG_COUNT"] ?? "0", 10) || 0);
  const pairs = settings.flatMap(({ key, value }, index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return { ...env, ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(first + settings.length) };
}

/** How to reach a remote and who we are there; everything else of a repository's settings is its own business. */
const TRANSPORT = /^(?:http|credential|url|ssh|protocol|user|safe)\.|^core\.(?:sshcommand|askpass|gitproxy)$/;

/** The settings of transport in `there` that `here` lacks, in their order. */
export function transportSettings(there: readonly Setting[], here: readonly Setting[]): readonly Setting[] {
  const counts = new Map<string, number>();
  const mark = ({ key, value }: Setting) => `${key}\n${value}`;
  for (const setting of here) counts.set(mark(setting), (counts.get(mark(setting)) ?? 0) + 1);
  return there.filter((setting) => {
    if (!TRANSPORT.test(setting.key)) return false;
    const count = counts.get(mark(setting)) ?? 0;
    counts.set(mark(setting), count - 1);
    return count <= 0;
  });
}

/** The remote by this name, under the name that the scratch repository gives it. */
export const REMOTE = "rollcall-ledger";

/** `chosen` is a remote's name, a URL or a path relative to `folder`. */
export function remoteSettings(
  settings: readonly Setting[],
  chosen: string,
  folder: string,
): readonly Setting[] {
  const own = `remote.${chosen}.`;
  const of = (name: string) => settings.find(({ key }) => key === `${own}${name}`)?.value;
  const named = of("pushurl") ?? of("url");
  if (named === undefined) return [{ key: `remote.${REMOTE}.url`, value: urlOf(chosen, folder) }];
  const others = settings.filter(
    ({ key }) => key.startsWith(own) && /\.(?:proxy|proxyauthmethod|uploadpack|receivepack)$/.test(key),
  );
  return [
    { key: `remote.${REMOTE}.url`, value: named },
    ...others.map(({ key, value }) => ({ key: `remote.${REMOTE}.${key.slice(own.length)}`, value })),
  ];
}

function urlOf(text: string, folder: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/\\]+:/.test(text);
  return isUrl || isAbsolute(text) ? text : resolve(folder, text);
}

/** Values that must never be shown: what is sent to servers as a header, or stands in the URL of a remote. */
export function secretsIn(settings: readonly Setting[]): readonly string[] {
  return settings
    .flatMap(({ key, value }) => {
      if (/^http\.(?:.*\.)?extraheader$/i.test(key)) return secretsOfHeader(value);
      return /^remote\..*url$/i.test(key) && URL.canParse(value) ? secretsOfUrl(new URL(value)) : [];
    })
    .filter((secret) => secret.length >= 4);
}

function secretsOfHeader(value: string): readonly string[] {
  const content = value.slice(value.indexOf(":") + 1).trim();
  return [content, content.split(/\s+/).at(-1) ?? ""];
}

function secretsOfUrl({ username, password }: URL): readonly string[] {
  if (password === "") return username === "git" ? [] : [username];
  const plain = [username, password].map((text) => text.replace(/(?:%[0-9a-f]{2})+/gi, decoded));
  return [password, plain[1] ?? "", Buffer.from(plain.join(":")).toString("base64")];
}

function decoded(escapes: string): string {
  return Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8");
}

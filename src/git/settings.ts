/** One setting of Git's configuration. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** A setting, and which file it came from: `system`, `global`, `local`, `worktree` or `command`. */
export interface ScopedSetting extends Setting {
  readonly scope: string;
}

/** What `git config --list -z` prints. */
export function parseSettings(text: string): readonly Setting[] {
  return parts(text).map(settingOf);
}

/** What `git config --list -z --show-scope` prints. */
export function parseScopedSettings(text: string): readonly ScopedSetting[] {
  const items = parts(text);
  return items.flatMap((scope, index) =>
    index % 2 === 0 ? [{ scope, ...settingOf(items[index + 1] ?? "") }] : [],
  );
}

function parts(text: string): readonly string[] {
  return text.split("\0").filter((item) => item !== "");
}

function settingOf(item: string): Setting {
  const at = item.indexOf("\n");
  return at < 0 ? { key: item, value: "true" } : { key: item.slice(0, at), value: item.slice(at + 1) };
}

/** Settings as options of a command line, which other processes can see. */
export function options(settings: readonly Setting[]): readonly string[] {
  return settings.flatMap(({ key, value }) => ["-c", `${key}=${value}`]);
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Settings that the environment carries. */
export function settingsFrom(env: Variables): readonly Setting[] {
  const count = Math.max(0, Number.parseInt(env["GIT_CONFIG_COUNT"] ?? "0", 10) || 0);
  return Array.from({ length: Math.min(count, 1000) }, (_, index) => ({
    key: env[`GIT_CONFIG_KEY_${index}`] ?? "",
    value: env[`GIT_CONFIG_VALUE_${index}`] ?? "",
  })).filter(({ key }) => key !== "");
}

/** Settings as variables: without a file to leave behind, and not on the command line, which everybody can read. */
export function variablesOf(settings: readonly Setting[]): Readonly<Record<string, string>> {
  const pairs = settings.flatMap(({ key, value }, index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return settings.length === 0
    ? {}
    : { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(settings.length) };
}

/** Words that white space parts. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Settings for comparing the work tree with the commit. None of them names a program. */
const COMPARISON = words(`
  core.autocrlf core.eol core.filemode core.ignorecase core.precomposeunicode core.symlinks
  core.longpaths core.trustctime core.checkstat core.excludesfile core.attributesfile
`);

export function comparisonSettings(settings: readonly Setting[]): readonly Setting[] {
  return settings.filter(({ key }) => COMPARISON.has(key));
}

const FILTER = /^filter\.(.*)\.(?:clean|smudge|process|required)$/s;

/** The programs that `.gitattributes` may name for files. */
export function filterSettings(settings: readonly Setting[]): readonly Setting[] {
  return settings.filter(({ key }) => FILTER.test(key));
}

/** Every filter there is, made one that does nothing. */
export function withoutFilters(settings: readonly Setting[]): readonly Setting[] {
  const names = new Set(settings.flatMap(({ key }) => FILTER.exec(key)?.[1] ?? []));
  const nothing = { clean: "", smudge: "", process: "", required: "false" };
  return [...names].flatMap((name) =>
    Object.entries(nothing).map(([what, value]) => ({ key: `filter.${name}.${what}`, value })),
  );
}

/** How to reach a remote and who we are there; everything else of a repository's settings is its own business. */
const TRANSPORT = /^(?:http|credential|url|ssh)\.|^core\.(?:sshcommand|askpass)$/;

/** Transport settings that only this repository has, such as those that a checkout in CI leaves for later pushes. */
export function transportSettings(settings: readonly ScopedSetting[]): readonly Setting[] {
  return settings
    .filter(({ scope, key }) => (scope === "local" || scope === "worktree") && TRANSPORT.test(key))
    .map(({ key, value }) => ({ key, value }));
}

/** Values that must never be shown: headers for servers and credentials in URLs of remotes. */
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

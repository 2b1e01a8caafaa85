import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { platform } from "node:os";
import { settingsFrom, variablesOf, words, type Setting } from "./settings.ts";

export type Environment = Readonly<Record<string, string>>;
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** What Git needs to run at all and to find the settings of its user. */
const NEEDED = words(`
  PATH HOME XDG_CONFIG_HOME USER LOGNAME SUDO_UID TMPDIR TMP TEMP
  LD_LIBRARY_PATH DEVELOPER_DIR SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC
  PATHEXT HOMEDRIVE HOMEPATH USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES
  GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_EXEC_PATH
`);

/** What else Git, ssh and credential programs need to reach a remote. */
const NEEDED_FOR_REMOTES = words(`
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
  GIT_SSL_CAINFO GIT_SSL_CAPATH GIT_SSL_CERT GIT_SSL_KEY GIT_SSL_NO_VERIFY GIT_SSH
  GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_PROXY_COMMAND GIT_ALLOW_PROTOCOL GIT_ASKPASS SSH_ASKPASS
  SSH_AUTH_SOCK SSH_AGENT_PID DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR GNUPGHOME
  KRB5CCNAME KRB5_CONFIG GIT_CONFIG_PARAMETERS GIT_USERNAME
  GIT_PASSWORD GIT_TOKEN GITHUB_TOKEN GH_TOKEN GH_HOST GH_ENTERPRISE_TOKEN
  GITHUB_ENTERPRISE_TOKEN GH_CONFIG_DIR GITLAB_TOKEN GITLAB_HOST CI_JOB_TOKEN CI_SERVER_HOST
`);

/** Others, such as `ext`, run a program that the address names. */
const PROTOCOLS = "file:git:http:https:ssh";

const FIXED: Environment = {
  LC_ALL: "C",
  LANGUAGE: "",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GCM_INTERACTIVE: "never",
  SSH_ASKPASS_REQUIRE: "never",
};

/** These may hold a token. */
const PRIVATE = /^(?:http|credential|url|remote)\./i;

export interface EnvironmentOptions {
  /** The call talks to a remote. */
  readonly isRemote: boolean;
  readonly settings: readonly Setting[];
}

/**
 * The environment for a call of Git: nothing that leads to another repository, no key of an API, and tokens only for
 * calls that talk to a remote. No prompts, English messages. Settings of the operator outrank `settings`.
 */
export function gitEnvironment(env: ProcessEnvironment, options: EnvironmentOptions): Environment {
  const { isRemote, settings } = options;
  const isNeeded = (name: string) => NEEDED.has(name) || (isRemote && NEEDED_FOR_REMOTES.has(name));
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined &&
      (isNeeded(pair[0].toUpperCase()) || (pair[0].startsWith("GIT_TRACE") && isAbsolute(pair[1]))),
  );
  const operators = settingsFrom(env).filter(({ key }) => isRemote || !PRIVATE.test(key));
  return {
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    ...Object.fromEntries(kept),
    ...variablesOf([...settings, ...operators]),
    ...FIXED,
    PATH: searchPath(env).join(delimiter),
  };
}

const DEFAULT_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

/** A relative folder would be looked for in the project, where anybody may have put a program. */
function searchPath(env: ProcessEnvironment): readonly string[] {
  const [, text] = Object.entries(env).find(([name]) => name.toUpperCase() === "PATH") ?? [];
  return text === undefined ? DEFAULT_PATH : text.split(delimiter).filter((folder) => isAbsolute(folder));
}

/** The absolute path of Git; systems that look into the current folder first would find a file of the project. */
export function gitProgram(env: ProcessEnvironment): string | undefined {
  const name = platform() === "win32" ? "git.exe" : "git";
  return searchPath(env)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

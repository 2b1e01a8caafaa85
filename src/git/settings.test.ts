import { delimiter, resolve } from "node:path";
import { expect, test } from "vitest";
import { gitEnvironment } from "./environment.ts";
import { addressProblem, remoteSettings } from "./remote.ts";
import {
  parseScopedSettings,
  parseSettings,
  settingsFrom,
  transportSettings,
  variablesOf,
  withoutFilters,
} from "./settings.ts";

const BIN = resolve("/bin");
const NAMES = ["GIT_DIR", "GIT_WORK_TREE", "TELNYX_API_KEY", "NPM_TOKEN", "GITHUB_TOKEN", "SSH_AUTH_SOCK"];
const env = {
  ...Object.fromEntries(NAMES.map((name) => [name, "x"])),
  PATH: ["", ".", BIN, "bin"].join(delimiter),
  HOME: "/home/me",
  https_proxy: "http://proxy",
  GIT_TRACE: "1",
  GIT_TRACE2: "/log",
  NONE: undefined,
  ...variablesOf([
    { key: "safe.directory", value: "*" },
    { key: "http.extraheader", value: "y" },
  ]),
};

test("a call gets the variables that Git needs, and credentials only for a remote", () => {
  const local = gitEnvironment(env, { isRemote: false, settings: [] });
  expect(local).toMatchObject({ PATH: BIN, HOME: "/home/me", GIT_TRACE2: "/log", GIT_TERMINAL_PROMPT: "0" });
  for (const name of [...NAMES, "GIT_TRACE", "NONE", "https_proxy"]) expect(local).not.toHaveProperty(name);
  expect(settingsFrom(local)).toEqual([{ key: "safe.directory", value: "*" }]);
  const far = gitEnvironment(env, { isRemote: true, settings: [{ key: "http.extraheader", value: "own" }] });
  expect(far).toMatchObject({ GITHUB_TOKEN: "x", SSH_AUTH_SOCK: "x", https_proxy: "http://proxy" });
  for (const name of NAMES.slice(0, 4)) expect(far).not.toHaveProperty(name);
  // Those of the operator come last, and so outrank those of the repository.
  expect(settingsFrom(far).map(({ value }) => value)).toEqual(["own", "*", "y"]);
});

test("only the transport settings of a repository are used, and no other setting that names a program", () => {
  const list = (scope: string, ...items: readonly string[]) =>
    items.map((item) => `${scope}\0${item}\0`).join("");
  const settings = parseScopedSettings(
    list("global", "http.sslverify\nfalse", "credential.helper\nstore") +
      list("local", "http.a.extraheader\nx", "core.sshcommand\nssh -i key", "http.sslverify") +
      list(
        "local",
        "core.fsmonitor\ny",
        "core.hookspath\ny",
        "core.gitproxy\ny",
        "protocol.ext.allow\nalways",
      ) +
      list(
        "local",
        "safe.directory\n*",
        "remote.origin.url\nu",
        "remote.origin.uploadpack\ny",
        "alias.push\n!y",
      ) +
      list("worktree", "url.a.insteadof\nb"),
  );
  expect(transportSettings(settings)).toEqual([
    { key: "http.a.extraheader", value: "x" },
    { key: "core.sshcommand", value: "ssh -i key" },
    { key: "http.sslverify", value: "true" },
    { key: "url.a.insteadof", value: "b" },
  ]);
});

test("a remote has an address and a proxy", () => {
  const settings = parseSettings(
    "remote.origin.url\ngit@host:x\0remote.origin.proxy\nsocks5://p\0remote.origin.fetch\n+a:b\0" +
      "remote.origin.vcs\next\0remote.origin.receivepack\ny\0",
  );
  expect(remoteSettings(settings, "origin").map(({ value }) => value)).toEqual(["git@host:x", "socks5://p"]);
});

test.each(["https://host/x", "git@host:x", "ssh://git@host/x", "git://host/x", "/srv/x", "../x", "file:///x"])(
  "%s is accepted as the URL of a remote",
  (address) => expect(addressProblem(address)).toBeUndefined(),
);

test.each(["ext::sh -c true", "--upload-pack=x", "foo://host/x", "fd::17", "http://host/x", "EXT::x"])(
  "%s is not accepted as the URL of a remote",
  (address) => expect(addressProblem(address)).toMatch(/the address of the remote/),
);

test("every filter is disabled, whatever its name", () => {
  const settings = parseSettings(
    "filter.lfs.process\ngit-lfs\0filter.a.b.clean\nx\0filter.lfs.required\ntrue\0",
  );
  expect(withoutFilters(settings).map(({ key, value }) => `${key}=${value}`)).toEqual([
    ...["clean=", "smudge=", "process=", "required=false"].map((what) => `filter.lfs.${what}`),
    ...["clean=", "smudge=", "process=", "required=false"].map((what) => `filter.a.b.${what}`),
  ]);
});

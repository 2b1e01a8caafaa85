/** Tables of characters that take a program milliseconds to make, at the top level of a module. */
const TABLE = /^const (\w+) = (new Intl\.Segmenter\(\)|\/(.*\\p\{RGI_Emoji\}.*)\/([a-z]*));$/gm;

/**
 * A plugin for rolldown: what `module` makes of characters when it is loaded is made when it is first used. Most output
 * has no other characters than those of ASCII, and a fifth of a start went by with them.
 */
export function tablesWhenUsed(module) {
  return {
    name: "tables-when-used",
    transform: { filter: { id: module }, handler: (code) => ({ code: whenUsed(code), map: null }) },
  };
}

export function whenUsed(code) {
  const names = [...code.matchAll(TABLE)].map(([, name]) => name);
  if (names.length === 0) throw new Error("the module makes no tables any more: load it as it is");
  const used = names.reduce(
    (text, name) => text.replaceAll(new RegExp(String.raw`(?<!const )\b${name}\b`, "g"), `${name}()`),
    code,
  );
  return used.replaceAll(TABLE, (_, name, value, pattern, flags) => {
    const made = pattern === undefined ? value : `new RegExp(${JSON.stringify(pattern)}, "${flags}")`;
    return `let made_${name}; const ${name} = () => (made_${name} ??= ${made});`;
  });
}

/** What `module` loads of Node in vain: to load `node:process` reads every member of it, and few commands start a process. */
const LOADED = [
  [
    "const childProcess = require('node:child_process');",
    "const childProcess = { get spawn() { return require('node:child_process').spawn; } };",
  ],
  ["const process = require('node:process');", "const process = globalThis.process;"],
];

/** A plugin for rolldown: `module`, which is of commander, loads of Node what it uses. */
export function nodeWhenUsed(module) {
  return {
    name: "node-when-used",
    transform: { filter: { id: module }, handler: (code) => ({ code: loadingWhenUsed(code), map: null }) },
  };
}

export function loadingWhenUsed(code) {
  return LOADED.reduce((text, [before, after]) => {
    if (!text.includes(before)) throw new Error(`commander does not contain "${before}" any more`);
    return text.replace(before, after);
  }, code);
}

/** What Rollcall uses of undici, and where it is. Agents for tests, `fetch`, caches and sockets are the larger part. */
const USED = {
  Agent: "./lib/dispatcher/agent",
  EnvHttpProxyAgent: "./lib/dispatcher/env-http-proxy-agent",
};

/** A plugin for rolldown: the chunk has of undici only what is used, and HTTP/2 is loaded when a server speaks it. */
export function partsOfUndici() {
  const file = /[\\/]undici[\\/](?:index|lib[\\/]dispatcher[\\/]client)\.js$/;
  const reduced = (code, id) => (id.endsWith("index.js") ? usedOfUndici(code) : http2WhenUsed(code));
  return {
    name: "parts-of-undici",
    transform: { filter: { id: file }, handler: (code, id) => ({ code: reduced(code, id), map: null }) },
  };
}

export function usedOfUndici(code) {
  const [makeDispatcher] = /^function makeDispatcher[^]*?^\}$/m.exec(code) ?? [];
  const lines = [
    "const { InvalidArgumentError } = require('./lib/core/errors');",
    "const util = require('./lib/core/util');",
    "const api = require('./lib/api');",
    "const { getGlobalDispatcher } = require('./lib/global');",
    "Object.assign(require('./lib/dispatcher/dispatcher').prototype, api);",
    makeDispatcher,
    "module.exports.request = makeDispatcher(api.request);",
    ...Object.entries(USED).map(([name, file]) => `module.exports.${name} = require('${file}');`),
  ];
  for (const line of ["Object.assign(Dispatcher.prototype, api)", "makeDispatcher(api.request)"])
    if (makeDispatcher === undefined || !code.includes(line))
      throw new Error("undici is made of other parts now");
  return lines.join("\n");
}

export function http2WhenUsed(code) {
  const [before, after] = ["const connectH2 = require('./client-h2.js')", "connectH2(client, socket)"];
  if (!code.includes(before) || !code.includes(after))
    throw new Error("undici loads HTTP/2 in another way now");
  return code.replace(before, "").replace(after, "require('./client-h2.js')(client, socket)");
}

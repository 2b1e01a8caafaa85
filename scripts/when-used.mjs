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

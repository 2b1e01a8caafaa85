/** Loaded before the program: says on standard error whenever it looks at a lock. */
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { readFile } = promises;

promises.readFile = (path, ...more) => {
  if (String(path).endsWith(".lock")) process.stderr.write("looked at the lock\n");
  return readFile.call(promises, path, ...more);
};
syncBuiltinESMExports();

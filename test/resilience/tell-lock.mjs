/** Loaded before the program: says on standard error whenever it looks at a lock. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { openSync } = fs;

fs.openSync = (path, ...more) => {
  if (String(path).endsWith(".lock")) process.stderr.write("looked at the lock\n");
  return openSync(path, ...more);
};
syncBuiltinESMExports();

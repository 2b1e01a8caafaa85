#!/usr/bin/env node
import { keepCompiled } from "./compile-cache.ts";
import { version } from "../host/version.ts";

// A closed pipe, as in `2>&1 | head`, or a full disk must not end an apply: the code that writes gets the error.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const [only, ...others] = process.argv.slice(2);
if ((only === "--version" || only === "-V") && others.length === 0) {
  // Where it cannot be written, the whole program says why.
  process.stdout.write(`${version}\n`, (error) => {
    if (error != null) void import("./start.ts");
  });
} else {
  keepCompiled(process.env);
  await import("./start.ts");
}

import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** Since Node 22.1. */
type EnableCompileCache = (folder: string) => unknown;

/**
 * Keeps compiled code for the next start, if Node can. The cache is in the user's own folder, because other users can put
 * files into the folder for temporary files. A folder that cannot be written is no error.
 */
export function keepCompiled(env: Readonly<Record<string, string | undefined>>): void {
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: EnableCompileCache };
  if (enableCompileCache === undefined || env["NODE_COMPILE_CACHE"] !== undefined) return;
  enableCompileCache(join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "rollcall"));
}

import { LedgerError } from "../../model/ledger.ts";

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "a part of its path is not a folder",
  ELOOP: "its symbolic links go in a circle",
  ENAMETOOLONG: "its path is too long",
  EMFILE: "too many files are open",
  EIO: "the disk reports an error",
};

/** `what` is a clause with its subject: `file x.json cannot be read`. */
export function fileFault(what: string, error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const why = WORDS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  const path =
    error instanceof Error && "path" in error && typeof error.path === "string" ? ` (${error.path})` : "";
  return new LedgerError("unavailable", `${what}: ${why}${path}`, { cause: error });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

import { faultOf } from "../../host/files/fault.ts";
import { LedgerError } from "../../model/ledger.ts";

/** `what` is a clause with its subject: `file x.json cannot be read`. */
export function fileFault(what: string, error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const { reason, code, cause } = faultOf(error);
  // When creating folders, an existing path is not a folder.
  const why = code === "EEXIST" ? "a part of its path is not a folder" : reason;
  const path =
    cause instanceof Error && "path" in cause && typeof cause.path === "string" ? ` (${cause.path})` : "";
  return new LedgerError("unavailable", `${what}: ${why}${path}`, { cause: error });
}

import { delimiter } from "node:path";
import type { Trust } from "../schema/trust.ts";

export interface User {
  /** Absent where the system has no user ids. */
  readonly uid?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const ROOT = 0;

/** The user of this process. */
export function currentUser(): Pick<User, "uid"> {
  return process.getuid === undefined ? {} : { uid: process.getuid() };
}

/** The user, root and, as Git has it, who has called `sudo`; `undefined` where files have no owners. */
export function trustOf({ uid, env }: User, named: boolean): Trust | undefined {
  if (uid === undefined) return undefined;
  const caller = uid === ROOT ? (env["SUDO_UID"] ?? "") : "";
  return {
    named,
    owners: new Set([uid, ROOT, ...(/^\d+$/.test(caller) ? [Number(caller)] : [])]),
    folders: (env["ROLLCALL_TRUSTED_FOLDERS"] ?? "").split(delimiter),
  };
}

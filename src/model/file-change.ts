import { property, type Json } from "./json.ts";

/**
 * What a file of a project is to hold; without `text`, it is to be deleted. `digest` is the SHA-256 of what it holds now;
 * without it, the file is new.
 */
export type FileChange =
  | { readonly file: string; readonly text: string; readonly digest?: string }
  | { readonly file: string; readonly digest: string };

/** The texts of a file before and after a change; without `before` it is new, without `after` it is deleted. */
export interface FileDiff {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Files that are written or deleted together, and undone together while the batch is open, even after the process was killed. */
export interface FileBatch {
  readonly purpose: Json;
  /** Writes and deletes all files. Throws `FileFault`; then some may be written. */
  place(): Promise<void>;
  /** Gives every file its old text. A file that somebody edited since is left, and returned. */
  undo(): Promise<readonly string[]>;
  /** What is written stays. */
  close(): Promise<void>;
}

/** Begins to write files. Nothing of them is written when it returns. */
export type BeginFiles = (changes: readonly FileChange[], purpose: Json) => Promise<FileBatch>;

/**
 * Kept next to files while a command changes nothing but files. The changes of a killed process are undone. Those of a
 * running process are not touched.
 */
export interface EditPurpose {
  readonly command: string;
  readonly host: string;
  readonly pid: number;
}

/** As it was kept beside the files; `undefined` where it is none. */
export function editPurposeIn(value: Json): EditPurpose | undefined {
  const [command, host, pid] = ["command", "host", "pid"].map((key) => property(value, key));
  if (typeof command !== "string") return undefined;
  return { command, host: typeof host === "string" ? host : "", pid: typeof pid === "number" ? pid : 0 };
}

/** Why a file was not read or written; `reason` ends a sentence: `x.json cannot be read: it is a folder`. */
export class FileFault extends Error {
  override readonly name = "FileFault";
  readonly reason: string;
  /** Of the system, such as `ENOENT`; or `ELINK`, `EIRREGULAR`, `ELARGE`. */
  readonly code: string;

  constructor(code: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
    this.reason = reason;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something is there already",
  EFBIG: "it would be too large",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its links are circular",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  ENXIO: "it is not a regular file",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ERR_INVALID_ARG_VALUE: "its name holds a NUL character",
};

/** What the system answered, in words. Other errors are bugs, and stay as they are. */
export function faultOf(error: unknown): FileFault {
  if (error instanceof FileFault) return error;
  const code = codeOf(error);
  if (code === "") throw error;
  return new FileFault(code, REASONS[code] ?? code, { cause: error });
}

/** The code of a system error, or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

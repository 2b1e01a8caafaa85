/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The user of this process; no id where the system has none. */
export function currentUser(): { readonly uid?: number } {
  return process.getuid === undefined ? {} : { uid: process.getuid() };
}

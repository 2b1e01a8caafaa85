/** A valid name made of the name of a folder. */
export function nameFrom(folder: string): string {
  const name = folder.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return name === "" ? "assistants" : name.slice(0, 128).replace(/[^A-Za-z0-9]+$/, "");
}

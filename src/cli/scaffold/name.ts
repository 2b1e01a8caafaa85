/** The name of a folder, as far as it can be a name. */
export function nameFrom(folder: string): string {
  const name = folder.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return name === "" ? "assistants" : name.slice(0, 128).replace(/[^A-Za-z0-9]+$/, "");
}

/** A file of the package. From here it is found in the sources and from the chunks of the built program alike. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

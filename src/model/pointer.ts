/** A JSON Pointer (RFC 6901): `/voice_settings/voice`. The empty text is the whole value. */
export type Pointer = string;

/** A pointer in which a segment `*` stands for every key or element: `/tools/*\/handoff`. */
export type PointerPattern = string;

export function segments(pointer: Pointer): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function pointer(path: readonly string[]): Pointer {
  return path.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

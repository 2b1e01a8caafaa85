/** A JSON Pointer (RFC 6901): `/voice_settings/voice`. The empty text is the whole value. */
export type Pointer = string;

/** A pointer in which a segment `*` stands for every key or element: `/tools/*\/handoff`. */
export type PointerPattern = string;

export function segments(pointer: Pointer): readonly string[] {
  if (pointer === "") return [];
  const parts = pointer.slice(1).split("/");
  if (!pointer.includes("~")) return parts;
  return parts.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function pointer(path: readonly string[]): Pointer {
  return path.map((segment) => `/${escaped(segment)}`).join("");
}

function escaped(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
}

/** True for a path that one of the pointers names, or that lies below it. */
export function isBelow(path: readonly string[], pointers: readonly Pointer[]): boolean {
  return pointers.some((one) => segments(one).every((segment, index) => path[index] === segment));
}

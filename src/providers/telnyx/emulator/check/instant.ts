const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since 1970 of an ISO 8601 time. A time without a zone is in UTC. */
export function instantOf(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const hasTime = text.length > 10;
  const instant = Date.parse(`${text.replace(" ", "T")}${hasTime && match[1] === undefined ? "Z" : ""}`);
  return Number.isNaN(instant) ? undefined : instant;
}

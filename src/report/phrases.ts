/** `1 manifest`, `2 manifests`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** `A inherits`, `A and B inherit`. */
export function inherit(items: readonly string[]): string {
  return items.length === 1 ? "inherits" : "inherit";
}

/** `Reaches every caller`; a first word that is a name stays as it is. */
export function capital(text: string): string {
  return /^\p{L}+(?=[\s,.:;]|$)/u.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}

/** `It left the manifests.` */
export function sentence(text: string): string {
  return `${capital(text)}${/[.!?…]$|^$/.test(text) ? "" : "."}`;
}

/** `0.4 s`, `12.0 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

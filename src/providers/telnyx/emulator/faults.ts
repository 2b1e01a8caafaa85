import type { Chance } from "./chance.ts";

/** Which requests a fault is for. All given conditions must match. */
interface FaultMatch {
  readonly method?: string;
  /** Only requests that write. */
  readonly writes?: true;
  /** Below the base path, without query: a prefix as text, or an expression. */
  readonly path?: string | RegExp;
  /** The same as the text of a regular expression, for callers that can only send text. */
  readonly pattern?: string;
  /** Only the nth request that matches, counted from the injection, the first being 1. */
  readonly nth?: number;
  readonly header?: { readonly name: string; readonly value?: string };
}

export type FaultKind =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: "telnyx" | "fastapi" | "html" | "empty";
      /** The code of a Telnyx error body. */
      readonly code?: string;
      readonly detail?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /**
       * The request takes effect anyway. `forgotten`: its idempotency key is not stored, because only
       * keys of successful requests are.
       */
      readonly applied?: boolean | "forgotten";
    }
  /** The connection is closed before the request takes effect. */
  | { readonly kind: "reset-before" }
  /** The request takes effect, then the connection is closed. */
  | { readonly kind: "reset-after" }
  /** The request does not take effect, and no response is sent until the emulator is closed. */
  | { readonly kind: "timeout-before" }
  /** The request takes effect, and no response is sent until the emulator is closed. */
  | { readonly kind: "timeout-after" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /**
   * The effect happens; half of the answer arrives, or the first `after` pieces of a stream, then the connection breaks.
   */
  | { readonly kind: "truncate"; readonly after?: number }
  /** As `truncate`, but the connection stays open and silent until the client or the emulator closes it. */
  | { readonly kind: "stall"; readonly after?: number }
  /** Answered as a success, but this field of the body, a top-level key or a JSON pointer, is not stored. */
  | { readonly kind: "drop-field"; readonly field: string }
  /** Answered as a success; this field of the body, where it is a text, is stored as the server writes it. */
  | { readonly kind: "rewrite-field"; readonly field: string }
  /** A GET gets the previous response, or 404 if there was none: a write is not visible yet. */
  | { readonly kind: "stale" };

const FAULT_KINDS: ReadonlySet<string> = new Set<FaultKind["kind"]>([
  "status",
  "reset-before",
  "reset-after",
  "timeout-before",
  "timeout-after",
  "slow",
  "truncate",
  "stall",
  "drop-field",
  "rewrite-field",
  "stale",
]);

export interface Fault {
  /** By default any request. */
  readonly match?: FaultMatch;
  /** How often it is used; default 1. */
  readonly times?: number | "always";
  /** From 0 to 1. */
  readonly probability?: number;
  readonly fault: FaultKind;
  /** Called when the fault is used, before anything else happens: what somebody does at that moment. */
  readonly onStrike?: () => void;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Faults {
  inject(fault: Fault): void;
  clear(): void;
  /** Faults that are still to be used. */
  pending(): readonly Fault[];
  /** The first fault that matches this request. Counts its use. */
  take(request: Request): FaultKind | undefined;
}

export function createFaults(chance: Chance): Faults {
  let armed: Armed[] = [];
  return {
    inject(fault) {
      if (!FAULT_KINDS.has(fault.fault?.kind)) throw new Error(`unknown fault '${String(fault.fault?.kind)}'`);
      const times = fault.times ?? 1;
      const pattern = fault.match?.pattern;
      armed.push({
        fault,
        ...(pattern !== undefined && { pattern: new RegExp(pattern) }),
        left: times === "always" ? Number.POSITIVE_INFINITY : times,
        seen: 0,
      });
    },
    clear() {
      armed = [];
    },
    pending: () => armed.map(({ fault }) => fault),
    take(request) {
      const found = armed.find((one) => {
        if (!matches(one, request)) return false;
        one.seen += 1;
        const nth = one.fault.match?.nth;
        if (nth !== undefined && one.seen !== nth) return false;
        return one.fault.probability === undefined || chance.random() < one.fault.probability;
      });
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) armed = armed.filter((one) => one !== found);
      found.fault.onStrike?.();
      return found.fault.fault;
    },
  };
}

interface Armed {
  readonly fault: Fault;
  readonly pattern?: RegExp;
  left: number;
  seen: number;
}

function matches({ fault, pattern }: Armed, request: Request): boolean {
  const { method, writes, path, header } = fault.match ?? {};
  if (writes === true && request.method === "GET") return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (typeof path === "string" && !request.path.startsWith(path)) return false;
  if (path instanceof RegExp && !path.test(request.path)) return false;
  if (pattern !== undefined && !pattern.test(request.path)) return false;
  if (header === undefined) return true;
  const value = request.headers[header.name.toLowerCase()];
  return header.value === undefined ? value !== undefined : value === header.value;
}

import type { JsonObject } from "./json.ts";
import type { Kind } from "./kind.ts";
import type { Pointer } from "./pointer.ts";

/** Where the objects live. Saved in plans, so that a plan made with one key is not applied with another. */
export interface Target {
  readonly baseUrl: string;
  /** A short digest of the credentials; never the credentials. */
  readonly account: string;
}

/** One object as the API has it, in the shape of a manifest's `spec`: response-only keys are gone. */
export interface LiveObject {
  /** For an object under a parent: `parent-id/own-id`; for a singleton: the id of its parent. */
  readonly id: string;
  readonly spec: JsonObject;
  /** The version that is main, where the kind has versions. */
  readonly versionId?: string;
  /** RFC 3339, where the API says it. Never compared. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface CreateRequest {
  readonly kind: string;
  readonly parentId?: string;
  /** References are resolved to ids. */
  readonly spec: JsonObject;
  /** Paths of `spec` that the manifest leaves to others: nothing is sent there, nor taken from another object. */
  readonly ignored?: readonly Pointer[];
  /** Random per operation; the same on every attempt. */
  readonly idempotencyKey: string;
  /** Only the request that has the key is sent: the object is to be identified, and may stay incomplete. */
  readonly isKeyOnly?: true;
  /** Called with the API's answer before the other requests of the creation, which wait for the result. */
  readonly onAnswer?: OnAnswer;
}

export interface UpdateRequest {
  readonly kind: string;
  readonly id: string;
  /** As read just before. */
  readonly live: JsonObject;
  /** `live` with every managed value in place. */
  readonly target: JsonObject;
  /** The top-level keys of `target` that differ from `live`; a key that is absent from `target` is to be cleared. */
  readonly blocks: readonly string[];
  /** Called with the API's answer, if it holds the object, before the other requests of the update. */
  readonly onAnswer?: OnAnswer;
}

/** The object in the answer to a write, as the API has stored it; it may lack what the API does not answer with. */
type OnAnswer = (object: Pick<LiveObject, "id" | "spec" | "versionId">) => Promise<void>;

/** The port through which the engine sees an API. Every method may throw a `ProviderError`. */
export interface Provider {
  readonly target: Target;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** All objects of a kind, to the last page; of one parent where the kind lives under another. */
  list(kind: string, parentId?: string): Promise<readonly LiveObject[]>;
  /** `undefined` when the API answers that there is no such object. */
  read(kind: string, id: string): Promise<LiveObject | undefined>;
  create(request: CreateRequest): Promise<LiveObject>;
  update(request: UpdateRequest): Promise<void>;
  /** Succeeds when the object is gone already. */
  delete(kind: string, id: string): Promise<void>;
  /**
   * Makes a version the main one of its object, for kinds whose objects inherit. It takes effect at once for every
   * conversation with the object.
   */
  promote?(kind: string, id: string): Promise<void>;
  /** How much work an object still has to do, for kinds with `pending`; 0 if the object is gone. */
  pending?(kind: string, id: string): Promise<number>;
  /** The same provider, which tells the ids that the API gives to the requests that write. */
  traced?(onRequestId: (requestId: string) => void): Provider;
}

/** Why a request failed; the distinctions are those that callers need. */
export type FailureReason =
  | "authentication"
  | "permission"
  | "not-found"
  | "conflict"
  | "invalid"
  | "rate-limited"
  | "server"
  | "network"
  | "protocol";

/** What is known about whether a failed write took effect: `no`, or `unknown` (answer lost, 5xx). */
export type Effect = "no" | "unknown";

export interface ProviderFailure {
  readonly reason: FailureReason;
  /** What went wrong, without what the other members say; may be empty where the status says all. */
  readonly message: string;
  readonly method: string;
  /** Without host and query. */
  readonly path: string;
  readonly effect: Effect;
  readonly status?: number;
  /** The API's own code, `10015`. */
  readonly code?: string;
  /** Where in the request body the API saw the problem, `instructions`. */
  readonly field?: string;
  readonly requestId?: string;
  readonly attempts?: number;
  /** Too many requests of this run had to be repeated: no more are. */
  readonly exhausted?: true;
}

/** `POST /ai/assistants answered 422 (10015): instructions: must not be empty`. */
export function answerOf({ method, path, status, code, message, field }: ProviderFailure): string {
  const answer = status === undefined ? "failed" : `answered ${status}`;
  const known = code === undefined || code === String(status) ? "" : ` (${code})`;
  const at = field === undefined || message.startsWith(`${field}: `) ? "" : `${field}: `;
  return `${method} ${path} ${answer}${known}${message === "" ? "" : `: ${at}${message}`}`;
}

/** `8 attempts`, `request id 2f1c`. */
export function traceOf({ requestId, attempts }: ProviderFailure): readonly string[] {
  return [
    ...(attempts === undefined || attempts < 2 ? [] : [`${attempts} attempts`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
}

function sentenceOf(failure: ProviderFailure): string {
  const effect = failure.effect === "unknown" ? "; it is not known whether it took effect" : "";
  const trace = traceOf(failure);
  return `${answerOf(failure)}${effect}${trace.length === 0 ? "" : ` (${trace.join(", ")})`}`;
}

/**
 * A request that failed and is not repeated. `failure` is plain data without secrets; the message is a sentence with all
 * of it.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly failure: ProviderFailure;

  constructor(failure: ProviderFailure, options?: ErrorOptions) {
    super(sentenceOf(failure), options);
    this.failure = failure;
  }
}

/** Requests that were sent, every attempt counted. */
export interface RequestCount {
  readonly reads: number;
  readonly writes: number;
  /** Those that were not the first attempt. */
  readonly repeated: number;
}

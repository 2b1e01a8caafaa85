import { membersOf, type Json, type JsonObject } from "../../../model/json.ts";
import type { Chance } from "./chance.ts";
import { accept, type Problem } from "./check/accept.ts";
import type { Shape } from "./check/shape.ts";
import { invalid, type Reply } from "./errors.ts";
import type { Clock } from "./clock.ts";
import type { Hazards } from "./options.ts";
import type { ProviderAccounts } from "./runtime/providers/index.ts";
import type { Rules } from "./runtime/rules.ts";
import type { TestRule } from "./records.ts";
import type { Store } from "./store.ts";

/** What every handler gets. */
export interface World {
  readonly store: Store;
  readonly chance: Chance;
  readonly hazards: Hazards;
  readonly envelope: "documented" | "live";
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  now(): number;
  /** Rules for test runs. The last rule that matches decides. */
  readonly testRules: TestRule[];
  /** Rules for chats, events, tool tests and enhancements, in the same way. */
  readonly rules: Rules;
  /** What an import finds at other providers. */
  readonly providers: ProviderAccounts;
  /** How often an assistant has been read, for ids that appear late. */
  readonly reads: Map<string, number>;
  /** How often assistants have been answered, for numbers that grow. */
  readonly answers: { count: number };
}

export interface Call {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

export type Handler = (call: Call) => Reply;

/** The time as the API writes it. */
export function timestamp(world: World): string {
  return new Date(world.now()).toISOString();
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** The body as the server stores it. Throws a 422 with all problems. */
export function bodyOf(call: Call, shape: Shape): JsonObject {
  return checked(shape, call.body);
}

export function checked(shape: Shape, body: Json | undefined): JsonObject {
  if (body === undefined) throw invalid({ type: "missing", loc: ["body"], msg: "Field required" });
  const problems: Problem[] = [];
  const accepted = accept(shape, body, ["body"], problems);
  if (problems.length > 0) throw invalid(...problems);
  return membersOf(accepted);
}

export function ok(body: Json): Reply {
  return { status: 200, body };
}

export function created(body: Json): Reply {
  return { status: 201, body };
}

/** 200 without content, where the API does not specify a body. */
export const EMPTY: Reply = { status: 200 };
export const NO_CONTENT: Reply = { status: 204 };

import type { Address } from "./address.ts";
import { segments, type Pointer } from "./pointer.ts";

/**
 * What to do with a value that was changed both in the manifest and outside Git. `adopt` keeps the live value: it is
 * written into the manifest.
 */
export type ConflictChoice = (typeof CONFLICT_CHOICES)[number];

export const CONFLICT_CHOICES = ["refuse", "overwrite", "adopt"] as const;

/** A choice for every conflict, for those of one resource, or for those at a path of its `spec` and below. */
export interface ConflictRule {
  readonly what: ConflictChoice;
  readonly address?: Address;
  /** Canonical; only with an address. */
  readonly path?: Pointer;
}

/** One choice for everything, or rules; the most specific rule counts. */
export type OnConflict = ConflictChoice | readonly ConflictRule[];

export function conflictRules(on: OnConflict): readonly ConflictRule[] {
  return typeof on === "string" ? [{ what: on }] : on;
}

/** The choice for a path of a resource; without a path, for the resource as a whole. */
export function choiceAt(on: OnConflict, address: Address, path?: Pointer): ConflictChoice {
  const fitting = conflictRules(on).filter((rule) => concerns(rule, address, path));
  return fitting.toSorted((a, b) => depth(b) - depth(a))[0]?.what ?? "refuse";
}

function concerns({ address, path }: ConflictRule, at: Address, below: Pointer | undefined): boolean {
  if (address === undefined) return true;
  if (address !== at || path === undefined) return address === at;
  if (below === undefined) return false;
  const inner = segments(below);
  return segments(path).every((segment, index) => segment === inner[index]);
}

function depth({ address, path }: ConflictRule): number {
  return address === undefined ? 0 : 1 + (path === undefined ? 0 : segments(path).length);
}

/** Whether some conflict may be settled by writing the live value into a manifest. */
export function mayAdopt(on: OnConflict): boolean {
  return conflictRules(on).some(({ what }) => what === "adopt");
}

/** `overwrite=Assistant/front-desk:/greeting`, as the option takes it. */
export function ruleText({ what, address, path }: ConflictRule): string {
  return [
    what,
    ...(address === undefined ? [] : [`=${address}`]),
    ...(path === undefined ? [] : [`:${path}`]),
  ].join("");
}

/** Whether something that was read from a file is a choice, or rules. */
export function isOnConflict(value: unknown): value is OnConflict {
  return Array.isArray(value) ? value.every(isRule) : isChoice(value);
}

function isRule(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("what" in value) || !isChoice(value.what)) return false;
  const address = "address" in value ? value.address : undefined;
  const path = "path" in value ? value.path : undefined;
  const isText = (one: unknown) => one === undefined || typeof one === "string";
  return isText(address) && isText(path) && (path === undefined || address !== undefined);
}

function isChoice(value: unknown): boolean {
  return CONFLICT_CHOICES.some((choice) => choice === value);
}

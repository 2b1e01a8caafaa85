import { ruleText, type ConflictRule } from "../../model/conflict.ts";
import { isList, isObject, property, stringify, type Json, type JsonObject } from "../../model/json.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";

/** The choices that a saved plan was made with. */
export interface SavedChoices extends Pick<
  PlanChoices,
  "prune" | "onConflict" | "allowMassChange" | "allowPendingEvents" | "adopt"
> {
  readonly destroy: boolean;
}

/** What can be chosen beyond the defaults, as `choicesMade` names it. */
const NAMES: { readonly [choice in keyof SavedChoices]-?: string } = {
  prune: "prune",
  onConflict: "on-conflict=overwrite",
  allowMassChange: "allow-mass-change",
  allowPendingEvents: "allow-pending-events",
  destroy: "destroy",
  adopt: "adopt",
};

/** A choice for conflicts. */
const RULE = "on-conflict=";

export const CHOICE_NAMES: readonly string[] = Object.values(NAMES).flatMap((name) =>
  name.startsWith(RULE) ? [name, `${RULE}adopt`] : [name],
);

/**
 * What a plan was allowed to do beyond the defaults, by the names of the options. Unknown choices count as well.
 */
export function choicesMade(choices: SavedChoices): readonly string[] {
  return Object.entries(choices as unknown as JsonObject)
    .filter(([, value]) => value !== false && value !== null && value !== "refuse")
    .flatMap(([key, value]) => {
      const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (key === "onConflict" && isList(value))
        return value.flatMap(ruleMade).map((text) => `${name}=${text}`);
      return value === true ? name : `${name}=${typeof value === "string" ? value : stringify(value)}`;
    });
}

function ruleMade(rule: Json): readonly string[] {
  const what = property(rule, "what");
  if (what === "refuse") return [];
  return [
    isObject(rule) && typeof what === "string" ? ruleText(rule as unknown as ConflictRule) : stringify(rule),
  ];
}

/** Whether `text` can be accepted: a name of a choice, or a choice for the conflicts of one address or path. */
export function isChoiceName(text: string): boolean {
  return CHOICE_NAMES.some((name) => text === name || (name.startsWith(RULE) && text.startsWith(`${name}=`)));
}

/** Accepting a choice for all conflicts includes each address, and accepting an address includes each of its paths. */
export function isAccepted(made: string, accepted: readonly string[]): boolean {
  return accepted.some(
    (one) =>
      made === one ||
      (one.startsWith(RULE) && [":", "=", "/"].some((mark) => made.startsWith(`${one}${mark}`))),
  );
}

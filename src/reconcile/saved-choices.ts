import { stringify, type JsonObject } from "../model/json.ts";

/** The choices that a saved plan was made with. */
export interface SavedChoices {
  readonly prune: boolean;
  readonly onConflict: "refuse" | "overwrite";
  readonly allowMassChange: boolean;
  readonly destroy: boolean;
}

/** What can be chosen beyond the defaults, as `choicesMade` names it. */
const NAMES: { readonly [choice in keyof SavedChoices]: string } = {
  prune: "prune",
  onConflict: "on-conflict=overwrite",
  allowMassChange: "allow-mass-change",
  destroy: "destroy",
};

export const CHOICE_NAMES: readonly string[] = Object.values(NAMES);

/**
 * What a plan was allowed to do beyond the defaults, by the names of the options. A choice that this version has never
 * heard of counts, too.
 */
export function choicesMade(choices: SavedChoices): readonly string[] {
  return Object.entries(choices as unknown as JsonObject)
    .filter(([, value]) => value !== false && value !== null && value !== "refuse")
    .map(([key, value]) => {
      const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return value === true ? name : `${name}=${typeof value === "string" ? value : stringify(value)}`;
    });
}

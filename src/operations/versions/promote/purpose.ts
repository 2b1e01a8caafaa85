import { property, type Json } from "../../../model/json.ts";

export const PROMOTION = "versions promote";

/** Kept beside the files while they are changed: a promotion that was cut off is undone. */
export const promotionPurpose: Json = { command: PROMOTION };

export function isPromotion(purpose: Json): boolean {
  return property(purpose, "command") === PROMOTION;
}

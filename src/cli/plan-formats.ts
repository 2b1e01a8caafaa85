/** The forms that a plan can be shown in. */
export const PLAN_FORMATS = ["text", "json", "markdown", "html", "gitlab"] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** What `get` can print. */
export const OUTPUTS = ["table", "wide", "json", "name", "id", "texml"] as const;

export type Output = (typeof OUTPUTS)[number];

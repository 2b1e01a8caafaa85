/** What `get` can print. */
export const OUTPUTS = ["table", "wide", "json", "yaml", "name", "id", "texml"] as const;

export type Output = (typeof OUTPUTS)[number];

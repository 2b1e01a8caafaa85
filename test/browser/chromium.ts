import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";
const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why there is no browser here; `undefined` where there is one. Fails instead where one is required. */
export function missingBrowser(): string | undefined {
  if (existsSync(EXECUTABLE)) return undefined;
  const reason = `${EXECUTABLE} is not installed`;
  if (process.env["ROLLCALL_REQUIRE_BROWSER"] === "1") throw new Error(reason);
  return reason;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

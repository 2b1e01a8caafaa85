import { isName } from "../model/address.ts";
import { withoutHyphens } from "./escape.ts";

/**
 * The artifact that keeps the plan of a project in one environment. No two projects or environments share a name:
 * a name begins and ends with a letter or digit, so that the first single hyphen from the right divides the two.
 */
export function planArtifact(project: string, environment: string): string {
  return `rollcall-plan-${encoded(project)}-${encoded(environment).replaceAll("-", "--")}`;
}

/** Where there is no `rollcall.yaml`, the folder gives the name, and GitHub does not take every character. */
function encoded(name: string): string {
  return isName(name) ? name : withoutHyphens(name);
}

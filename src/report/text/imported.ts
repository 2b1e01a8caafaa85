import type { Address } from "../../model/address.ts";
import { listed } from "../phrases.ts";
import { visible } from "../safe.ts";

/** An assistant that came from another provider, and what of it is left to do. */
export interface CameAlong {
  readonly name: string;
  readonly id: string;
  readonly importId: string;
  /** Its manifest, where it has one. */
  readonly address?: Address | undefined;
  /** It was managed before: its manifest is as it was. */
  readonly isOverwritten: boolean;
  /** Names of integration secrets without a value. */
  readonly secrets: readonly string[];
}

export interface ImportedReport {
  readonly provider: string;
  readonly came: readonly CameAlong[];
  /** Ids at the provider that were asked for and that did not come. */
  readonly missing: readonly string[];
  /** What no import brings along. */
  readonly gaps: readonly string[];
  /** The command that shows drift. */
  readonly drift: string;
}

/** What came from another provider, assistant by assistant, and what did not come along. */
export function importedText({ provider, came, missing, gaps, drift }: ImportedReport): string {
  const lines = [
    `Imported from ${provider}`,
    "",
    ...came.flatMap((one) => [
      `  ${one.address === undefined ? "" : `${one.address} `}"${one.name}" (${one.id}), ${provider} ${one.importId}`,
      ...leftToDo(one, drift).map((text) => `    - ${text}`),
    ]),
    ...(missing.length === 0 ? [] : ["", `Not imported: ${listed(missing)}.`]),
    "",
    came.length === 1 ? "Not imported with it:" : "Not imported with any of them:",
    ...gaps.map((text) => `  - ${text}`),
  ];
  return lines.map(visible).join("\n");
}

function leftToDo({ secrets, isOverwritten, address }: CameAlong, drift: string): readonly string[] {
  return [
    ...secrets.map((name) => `the integration secret "${name}" has no value: enter it in the portal`),
    ...(isOverwritten && address !== undefined
      ? [`its manifest was not changed: to see what differs, run: ${drift}`]
      : []),
    ...(address === undefined ? ["it has no manifest"] : []),
  ];
}

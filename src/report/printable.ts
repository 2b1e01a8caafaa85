import { jsonEscaped, PLAIN, visibleInJson } from "../model/visible.ts";
import { PAINT } from "./style.ts";

/** Where printed text arrives. */
export interface Destination {
  /** A terminal: the colours of `paint` stay. */
  readonly colour: boolean;
  /** The log of a CI job, whose runner takes some texts for commands. */
  readonly runner: boolean;
}

/**
 * Text of several lines that can be printed, whatever stands in it. Hidden characters, and the beginnings of commands
 * to a runner, are written out in the escapes of JSON: a JSON document stays one, and says the same as before.
 */
export function printable(text: string, { colour, runner }: Destination): string {
  const lines = text.split("\n").map((line) => {
    const shown = colour ? paintedLine(line) : shownLine(line);
    return runner ? withoutCommands(shown) : shown;
  });
  return lines.join("\n");
}

function paintedLine(line: string): string {
  const sequences = line.match(PAINT) ?? [];
  return line
    .split(PAINT)
    .map((text, index) => shownLine(text) + (sequences[index] ?? ""))
    .join("");
}

/** Blanks that indent a line stay. */
function shownLine(line: string): string {
  return PLAIN.test(line) ? line : line.split("\t").map(visibleInJson).join("\t");
}

/**
 * What runners obey wherever it stands in a line: GitHub's older commands and Azure's (`##[set-output …]`,
 * `##vso[…]`), TeamCity's service messages, the sections of GitLab and Travis CI.
 */
const ANYWHERE = /#(?=#(?:\[|vso\[|teamcity\[))|s(?=ection_(?:start|end):)|t(?=ravis_(?:fold|time):)/gi;

/** What they obey at the start of a line, after blanks: GitHub's commands, and Buildkite's groups of lines. */
const AT_START = new RegExp(`^((?:\\s|${PAINT.source})*)(:(?=:)|([-+~])(?=\\3\\3 )|\\^(?=\\^\\^ ))`);

/** A line that no runner takes for a command, and people can read as before. */
function withoutCommands(line: string): string {
  return withoutInnerCommands(line).replace(
    AT_START,
    (_, blanks: string, first: string) => blanks + jsonEscaped(first),
  );
}

function withoutInnerCommands(line: string): string {
  return line.replaceAll(ANYWHERE, jsonEscaped);
}

/**
 * A command that Rollcall itself gives to the runner of GitHub Actions: a problem or notice, with a mark at its line.
 * Nothing in its texts is a command of its own, and none of them ends before it should.
 */
export function annotation(
  level: "error" | "warning" | "notice",
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const shown = (value: string | number) => String(value).replaceAll(/[^\r\n]+/g, shownPart);
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(shown(value))}`);
  return `::${level} ${list.join(",")}::${data(shown(text))}\n`;
}

/** Line ends have escapes of their own there. */
function shownPart(text: string): string {
  return withoutInnerCommands(visibleInJson(text));
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

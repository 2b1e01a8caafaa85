// The notes of a release: `release-notes.mjs v1.2.3` prints the section of that version in CHANGELOG.md. It fails when the
// tag is not the version of package.json, or when the section is missing or empty.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const [tag = ""] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}

if (tag !== `v${version}`) fail(`the tag is ${tag}, and package.json has the version ${version}`);
const sections = readFileSync(join(root, "CHANGELOG.md"), "utf8").split(/^## /m).slice(1);
const section = sections.find((text) => text.startsWith(`[${version}] - `));
if (section === undefined) fail(`CHANGELOG.md has no section "## [${version}] - <date>"`);
const notes = section.slice(section.indexOf("\n")).trim();
if (notes === "") fail(`the section of ${version} in CHANGELOG.md is empty`);
console.log(notes);

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { RULES } from "./policy.ts";

const RULES_FOLDER = join(import.meta.dirname, "rules");
const DOCS = resolve(import.meta.dirname, "../../../docs/plan-format.md");

describe("the rules of the policy", () => {
  test("are the files in their folder, each named after its id", () => {
    const files = readdirSync(RULES_FOLDER).map((file) => file.replace(/\.ts$/, ""));
    expect(RULES.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });

  test("are listed in docs/plan-format.md with code and title", () => {
    const lines = readFileSync(DOCS, "utf8").split("\n");
    const missing = RULES.filter(({ code, title }) => !lines.includes(`| \`${code}\` | ${title} |`));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

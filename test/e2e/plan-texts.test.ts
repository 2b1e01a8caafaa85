/** What a plan shows of new resources: a version beside its assistant, a canary with its split, prompts to their end. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const LINES = Array.from({ length: 30 }, (_, index) => `Sentence ${index + 1} of the prompt.`);
const ASSISTANT =
  `${HEAD}kind: Assistant\nmetadata: { name: front }\nspec:\n  name: Front desk\n  greeting: Hi\n` +
  `  instructions: |\n${LINES.map((line) => `    ${line}\n`).join("")}`;
const VERSION = `---\n${HEAD}kind: AssistantVersion\nmetadata: { name: warmer }\nspec: { assistant: { ref: Assistant/front }, changes: { greeting: Good day } }\n`;
const canary = (weight: number) =>
  `---\n${HEAD}kind: CanaryDeploy\nmetadata: { name: front }\nspec:\n  assistant: { ref: Assistant/front }\n` +
  `  rules: [{ serve: { rollout: [{ version_id: { ref: AssistantVersion/warmer }, weight: ${weight} }] } }]\n`;

let one: Desk;

beforeEach(async () => {
  one = await desk();
});

afterEach(() => one.close());

function declare(...documents: readonly string[]): Promise<void> {
  return writeFile(join(one.folder, "front.yaml"), documents.join(""));
}

async function inAllFormats(): Promise<Readonly<Record<"text" | "markdown" | "html" | "json", string>>> {
  const formats = ["text", "markdown", "html", "json"] as const;
  const reports = formats.flatMap((format) => ["--report", `${format}=out.${format}`]);
  expect((await one.rollcall("plan", ...reports)).code).toBe(0);
  const texts = formats.map(
    async (format) => [format, await readFile(join(one.folder, `out.${format}`), "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(texts)) as Record<(typeof formats)[number], string>;
}

test.each([
  ["with its assistant", async () => undefined],
  [
    "for an assistant that is live",
    async () => {
      await declare(ASSISTANT);
      expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    },
  ],
])("a new version that changes a greeting shows the greeting and nothing else, %s", async (_, before) => {
  await before();
  await declare(ASSISTANT, VERSION);
  const { text, markdown, html, json } = await inAllFormats();
  const section = text.slice(text.indexOf("# AssistantVersion/warmer")).split("\n\n")[0] ?? "";
  expect(
    section
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replaceAll(/\s+/g, " "))
      .toSorted(),
  ).toEqual([
    "# (inherits fields from Assistant/front)",
    "+ assistant Assistant/front",
    "+ version_name warmer",
    "~ changes.greeting Hi → Good day",
  ]);
  expect(markdown).toContain("| `changes.greeting` | `Hi` | `Good day` |");
  expect(html).toMatch(/changes\.<wbr>greeting.*Hi<\/code><\/del>.*Good day<\/code><\/ins>/s);
  const change = (JSON.parse(json) as Plan).x_rollcall.changes.find(({ kind }) => kind === "AssistantVersion");
  expect(change?.inherits).toMatchObject({
    from: "Assistant/front",
    into: "/changes",
    changes: [{ path: "/changes/greeting", before: "Hi", after: "Good day" }],
  });
  const whole = (JSON.parse(json) as Plan).resource_changes.find(({ type }) => type === "AssistantVersion");
  expect(whole?.change).toMatchObject({
    actions: ["create"],
    before: null,
    after: { changes: { name: "Front desk", greeting: "Good day" } },
  });
});

interface Plan {
  readonly resource_changes: readonly { readonly type: string; readonly change: object }[];
  readonly x_rollcall: {
    readonly changes: readonly { readonly kind: string; readonly inherits?: object; readonly split?: object }[];
  };
}

test("a created prompt is complete in Markdown and HTML, and in text with --full", async () => {
  await declare(ASSISTANT);
  const { text, markdown, html } = await inAllFormats();
  const last = LINES.at(-1) ?? "";
  expect(markdown).toContain(`<details><summary>30 lines</summary>\n\n\`\`\`diff\n+   ${LINES[0]}\n`);
  expect(markdown).toContain(`+   ${last}\n`);
  expect(html).toContain(`<details class="more"><summary>All 30 lines</summary><pre class="prose">${LINES[0]}`);
  expect(html).toContain(last);
  expect(text).not.toContain(last);
  for (const command of [["plan"], ["apply", "--yes"]])
    expect((await one.rollcall(...command, "--full")).stdout).toContain(
      `\n        ${LINES[0]}\n        ${LINES[1]}\n`,
    );
});

test("a prompt that an update adds is complete in Markdown, and in text with --full", async () => {
  await declare(ASSISTANT.slice(0, ASSISTANT.indexOf("  instructions")) + "  instructions: ''\n");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await declare(ASSISTANT);
  const last = LINES.at(-1) ?? "";
  const { text, markdown } = await inAllFormats();
  expect(markdown).toContain(last);
  expect(text).not.toContain(last);
  expect((await one.rollcall("plan", "--full")).stdout).toContain(last);
});

test("a canary shows how it divides conversations, before and after", async () => {
  await declare(ASSISTANT, VERSION);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await declare(ASSISTANT, VERSION, canary(10));
  const created = await one.rollcall("plan");
  expect(created.stdout).toContain("split      main 100 % → main 90 %, AssistantVersion/warmer 10 %");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await declare(ASSISTANT, VERSION, canary(25));
  const { text, markdown, html, json } = await inAllFormats();
  const [before, after] = [
    "main 90 %, AssistantVersion/warmer 10 %",
    "main 75 %, AssistantVersion/warmer 25 %",
  ];
  expect(text).toContain(`~ split  ${before} → ${after}`);
  expect(markdown).toContain(`| \`split\` | \`${before}\` | \`${after}\` |`);
  expect(html).toContain(after);
  const change = (JSON.parse(json) as Plan).x_rollcall.changes.find(({ kind }) => kind === "CanaryDeploy");
  expect(change?.split).toMatchObject({
    before: [{ match: "", main: 90, shares: [{ percent: 10 }] }],
    after: [{ match: "", main: 75, shares: [{ percent: 25 }] }],
  });
  await declare(ASSISTANT, VERSION);
  expect((await one.rollcall("plan", "--prune")).stdout).toContain(`${before} → main 100 %`);
});

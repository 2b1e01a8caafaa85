import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { desk, runIn, type Desk } from "./cli.ts";
import { on, PROJECT, SUPPORT, writeTo } from "./conflicting.ts";

let one: Desk;

afterEach(() => one.close());

const DESK = `${SUPPORT}  dynamic_variables: { open_repair: none }
`;
const BILLING = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: billing }
spec: { greeting: Hello, instructions: Count. }
`;

/** Both assistants are applied, then changed live and in the manifests. */
async function conflicts(): Promise<void> {
  one = await desk();
  await write({
    "rollcall.yaml": PROJECT,
    "support.yaml": DESK,
    "support.md": "Be kind.\n",
    "billing.yaml": BILLING,
  });
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  edit("support", { greeting: "Ahoy from Acme.", instructions: "Be quick.\nAnd kind." });
  edit("billing", { greeting: "Ahoy" });
  await write({
    "support.yaml": DESK.replace("Hello from", "Welcome to"),
    "support.md": "Be brief.\n",
    "billing.yaml": BILLING.replace("Hello", "Welcome"),
  });
  one.writes();
}

const write = (files: Readonly<Record<string, string>>) => writeTo(one, files);

const text = (path: string) => readFile(join(one.folder, path), "utf8");
const texts = () => Promise.all(["support.yaml", "support.md", "billing.yaml"].map(text));

function live(name: string) {
  const found = one.emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function edit(name: string, patch: Parameters<Desk["emulator"]["portal"]["edit"]>[2]): void {
  one.emulator.portal.edit("Assistant", live(name).id, patch, { version: "same" });
}

const greetings = () => ["support", "billing"].map((name) => live(name).main["greeting"]);

describe("for one address or path", () => {
  test("overwrite decides the named conflicts; others are refused, and nothing is written", async () => {
    await conflicts();
    const some = await one.rollcall("apply", "--yes", ...on("overwrite=Assistant/support:/greeting"));
    expect(some.code).toBe(4);
    expect(some.stdout).toMatch(/! Assistant\/support: conflict\n +one path was changed both/);
    expect(some.stdout).toMatch(/! Assistant\/billing: conflict/);
    expect(some.stdout).toMatch(/~ greeting +\(conflict: the manifest wins\)/);
    expect(one.writes()).toEqual([]);
    const all = await one.rollcall(
      "apply",
      "--yes",
      ...on("overwrite=Assistant/support", "overwrite=Assistant/billing:greeting"),
    );
    expect(all.code).toBe(0);
    expect(greetings()).toEqual(["Welcome to Acme.", "Welcome"]);
    expect(live("support").main["instructions"]).toBe("Be brief.");
  });

  test("the most specific rule counts, in any order", async () => {
    await conflicts();
    const rules = ["refuse=Assistant/billing", "overwrite"];
    for (const order of [rules, rules.toReversed()]) {
      const ran = await one.rollcall("apply", "--yes", ...on(...order));
      expect(ran.code).toBe(4);
      expect(ran.stdout).not.toMatch(/! Assistant\/support/);
      expect(ran.stdout).toMatch(/! Assistant\/billing: conflict/);
    }
    expect(one.writes()).toEqual([]);
  });

  test("a saved plan keeps the choice, and --accept can be as narrow", async () => {
    await conflicts();
    const rules = on("overwrite=Assistant/support", "overwrite=Assistant/billing:/greeting");
    expect((await one.rollcall("plan", "--out", "plan.json", ...rules)).code).toBe(0);
    for (const accepted of [
      "none",
      "on-conflict=overwrite=Assistant/support",
      "on-conflict=overwrite=Assistant/b",
    ]) {
      const ran = await one.rollcall("apply", "plan.json", "--accept", accepted);
      expect(ran.stderr).toMatch(
        /it was made with on-conflict=overwrite=Assistant\/(?:billing:\/greeting|support),/,
      );
      expect(ran.code).toBe(4);
    }
    const accepted = "prune,on-conflict=overwrite=Assistant/support,on-conflict=overwrite=Assistant/billing";
    expect((await one.rollcall("apply", "plan.json", "--accept", accepted)).code).toBe(0);
    expect(greetings()).toEqual(["Welcome to Acme.", "Welcome"]);
  });

  test.each([
    [
      "overwrite=Assistant/suport",
      1,
      /no manifest declares Assistant\/suport help: did you mean "Assistant\/support"\?/,
    ],
    [
      "refuse=Assistant/support:/greting",
      1,
      /Assistant\.spec has no field \/greting help: did you mean "greeting"\?/,
    ],
    ["adopt=Assistant/support:greting", 1, /Assistant\.spec has no field \/greting/],
    ["overwrite=support", 1, /Not an address: support\./],
    ["overwrite=Assistant/support:tools[0]", 4, /support:\/tools\/0 matches nothing/],
    ["overwrite=Assistant/support:tools[]", 1, /Not a path: tools\[\]\. Write it as a JSON Pointer/],
    ["keep", 1, /Expected refuse, overwrite or adopt, optionally for one address or path/],
    [
      "overwrite=Assistant/support:/dynamic_variables/opn",
      4,
      /matches nothing: neither the manifest nor the live object/,
    ],
  ])("%s ends with %d, and nothing is written", async (rule, code, message) => {
    await conflicts();
    const ran = await one.rollcall("apply", "--yes", ...on("overwrite", rule).slice(rule === "keep" ? 2 : 0));
    expect(`${ran.stdout}${ran.stderr}`.replaceAll(/\s+/g, " ")).toMatch(message);
    expect(ran.code).toBe(code);
    expect(one.writes()).toEqual([]);
  });

  test("an unknown field can be named", async () => {
    one = await desk();
    const unknown = (value: string) => BILLING.replace("greeting:", `brand_new: ${value}, greeting:`);
    await write({ "billing.yaml": unknown("a") });
    expect((await one.rollcall("apply", "--yes")).code).not.toBe(1);
    const ran = await one.rollcall("plan", ...on("overwrite=Assistant/billing:/brand_new"));
    expect(ran.stderr).not.toContain("has no field");
    const other = await one.rollcall("plan", ...on("overwrite=Assistant/billing:/brand_newer"));
    expect(other.stderr).toContain("Assistant.spec has no field /brand_newer");
  });

  test("two different rules for one path are an error", async () => {
    one = await desk();
    const ran = await one.rollcall("plan", ...on("overwrite", "adopt"));
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("It contradicts overwrite.") as string,
    });
  });
});

describe("adopt", () => {
  test("plan shows the adopted values, and writes nothing", async () => {
    await conflicts();
    const before = await texts();
    const pages = ["--report", "markdown=out.md", "--report", "html=out.html"];
    const ran = await one.rollcall("plan", "--detailed-exitcode", ...pages, ...on("adopt"));
    expect(ran.code).toBe(2);
    for (const page of ["out.md", "out.html"])
      expect(await text(page)).toMatch(
        /What apply writes to the manifests first[^]*written to `?support\.yaml:6/,
      );
    expect(ran.stdout).toContain("What apply writes to the manifests first");
    expect(ran.stdout).toMatch(/# Assistant\/support keeps its live value/);
    expect(ran.stdout).toMatch(/~ greeting +\(written to support\.yaml:6\)/);
    expect(ran.stdout).toMatch(/live +Ahoy from Acme\./);
    expect(ran.stdout).toMatch(/manifest +Welcome to Acme\./);
    expect(ran.stdout).toMatch(/~ instructions.*written to support\.md/);
    expect(ran.stdout).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
    expect(ran.stdout).toContain(
      "In the manifests: 3 live values to adopt, in billing.yaml, support.md and support.yaml.",
    );
    expect(await texts()).toEqual(before);
    expect(one.writes()).toEqual([]);
  });

  test("apply writes only the manifests, and keeps comments and variables; then nothing is left to do", async () => {
    await conflicts();
    const ran = await one.rollcall("apply", "--yes", "--report", "json=out.json", ...on("adopt"));
    expect(ran.stderr).toContain("Wrote billing.yaml, support.md, support.yaml. Commit the changes");
    expect(ran.stdout).toContain(
      "3 live values adopted into the manifests. Commit billing.yaml, support.md and support.yaml.",
    );
    expect((JSON.parse(await text("out.json")) as { readonly adopted: unknown }).adopted).toMatchObject([
      { address: "Assistant/billing", path: "/greeting", file: "billing.yaml", line: 4 },
      { file: "support.yaml", line: 6 },
      { path: "/instructions", file: "support.md" },
    ]);
    expect(ran.code).toBe(0);
    expect(await texts()).toEqual([
      DESK.replace("Hello from", "Ahoy from"),
      "Be quick.\nAnd kind.\n",
      BILLING.replace("Hello", "Ahoy"),
    ]);
    expect(one.writes()).toEqual([]);
    const again = await one.rollcall("plan", "--detailed-exitcode");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("No changes.");
  });

  test("for one path: the rest of the plan is applied in the same run", async () => {
    await conflicts();
    const rules = on("overwrite", "adopt=Assistant/support:/greeting");
    const ran = await one.rollcall("apply", "--yes", ...rules);
    expect(ran.code).toBe(0);
    expect(await text("support.yaml")).toBe(DESK.replace("Hello from", "Ahoy from"));
    expect(await text("support.md")).toBe("Be brief.\n");
    expect(greetings()).toEqual(["Ahoy from Acme.", "Welcome"]);
    expect(live("support").main["instructions"]).toBe("Be brief.");
    expect(one.writes().length).toBe(2);
  });

  test("asks before it writes a manifest, and --format json names the files", async () => {
    await conflicts();
    const before = await texts();
    const unasked = await one.rollcall("apply", ...on("adopt"));
    expect(unasked).toMatchObject({ code: 1 });
    expect(unasked.stderr).toContain("pass --yes");
    expect(await texts()).toEqual(before);
    const { x_rollcall } = JSON.parse(
      (await one.rollcall("plan", "--format", "json", ...on("adopt"))).stdout,
    ) as {
      readonly x_rollcall: { readonly adoptions: readonly unknown[] };
    };
    expect(x_rollcall.adoptions).toMatchObject([
      {
        address: "Assistant/billing",
        path: "/greeting",
        before: "Ahoy",
        after: "Welcome",
        target: "billing.yaml",
        line: 4,
      },
      { address: "Assistant/support", path: "/greeting", target: "support.yaml", line: 6 },
      { address: "Assistant/support", path: "/instructions", target: "support.md" },
    ]);
  });

  test("a value that manifests cannot have refuses everything, with the reason", async () => {
    await conflicts();
    edit("support", { greeting: "Ahoy from ${var.nobody}." });
    const before = await texts();
    const ran = await one.rollcall("apply", "--yes", ...on("adopt"));
    expect(ran.code).toBe(4);
    expect(ran.stdout.replaceAll(/\s+/g, " ")).toMatch(
      /Assistant\/support: conflict greeting cannot be adopted: /,
    );
    expect(await texts()).toEqual(before);
    expect(one.writes()).toEqual([]);
  });

  test("a manifest that changes during the question refuses everything before the first live write", async () => {
    await conflicts();
    const before = await texts();
    const answer = async function* () {
      await write({ "support.md": "Be bold.\n" });
      yield "yes\n";
    };
    const rules = on("adopt", "overwrite=Assistant/billing");
    const around = { isInteractive: true, stdin: Readable.from(answer()) };
    const ran = await runIn(one.folder, one.env, ["apply", ...rules], around);
    expect(ran.stderr).toContain(
      "no file was written: support.md was changed in the meantime\nhelp: nothing was written live",
    );
    expect(ran.code).toBe(4);
    expect(await texts()).toEqual(before.with(1, "Be bold.\n"));
    expect(one.writes()).toEqual([]);
  });

  test("a run that is stopped during the question writes no manifest", async () => {
    await conflicts();
    const before = await texts();
    const stop = new AbortController();
    const answer = async function* () {
      stop.abort();
      yield "yes\n";
    };
    const around = {
      isInteractive: true,
      stdin: Readable.from(answer()),
      interruption: () => stop.signal,
    };
    const ran = await runIn(one.folder, one.env, ["apply", ...on("adopt")], around);
    expect(ran).toMatchObject({ code: 1 });
    expect(await texts()).toEqual(before);
    expect(one.writes()).toEqual([]);
  });

  test("a value in a patch is adopted there; a shared text and a secret are refused with the reason", async () => {
    one = await desk();
    const head = (name: string) =>
      `${DESK.slice(0, DESK.indexOf("metadata"))}metadata: { name: ${name} }\nspec:\n`;
    const files = (greeting: string, prompt: string, value: string) => ({
      "rollcall.yaml": `${DESK.slice(0, DESK.indexOf("kind"))}kind: Project
metadata: { name: desk }
spec:
  environments:
    staging:
      patches:
        - target: Assistant/support
          patch: { spec: { greeting: ${greeting} } } # shorter
`,
      "shared.md": `${prompt}\n`,
      "support.yaml": `${head("support")}  greeting: Base\n  instructions: { file: shared.md }\n`,
      "billing.yaml": `${head("billing")}  instructions: { file: shared.md }\n`,
      "secret.yaml": `${head("secret")}  instructions: Help.
  tools:
    - type: webhook
      webhook: { name: t, description: d, url: "https://x.example/1", headers: [{ name: X-Token, value: ${value} }] }
`,
    });
    await write(files("One", "Be kind.", "one"));
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    edit("support", { greeting: "Live", instructions: "Be quick." });
    const [tool] = live("secret").main["tools"] as readonly { readonly webhook: object }[];
    const headers = [{ name: "X-Token", value: "live" }];
    edit("secret", { tools: [{ type: "webhook", webhook: { ...tool?.webhook, headers } }] });
    await write(files("Two", "Be brief.", "two"));
    one.writes();
    const refused = await one.rollcall("apply", "--yes", ...on("adopt"));
    expect(refused.code).toBe(4);
    const said = refused.stdout.replaceAll(/\s+/g, " ");
    expect(said).toMatch(/instructions cannot be adopted: shared\.md is also a text of Assistant\/billing/);
    expect(said).toMatch(
      /cannot be adopted: it contains a secret.*overwrite it with --on-conflict=overwrite=Assistant\/secret:/,
    );
    expect(one.writes()).toEqual([]);
    const ran = await one.rollcall("apply", "--yes", ...on("overwrite", "adopt=Assistant/support:greeting"));
    expect(ran.code).toBe(0);
    expect(await text("rollcall.yaml")).toBe(files("Live", "", "")["rollcall.yaml"]);
    expect(live("support").main["greeting"]).toBe("Live");
  });
});

describe("adopting in a list", () => {
  const tool = (name: string, url = 1, more = "") =>
    `    - { type: webhook, webhook: { name: ${name}, description: Looks, url: "https://x.example/${url}"${more} } }`;
  const manifest = (...tools: readonly string[]) =>
    `${DESK.slice(0, DESK.indexOf("  #"))}  instructions: Help.\n  tools:\n${tools.join("\n")}\n`;

  /** Applied with some tools, then changed live and in the manifest. */
  async function changed(tools: Record<"applied" | "live" | "declared", readonly string[]>): Promise<void> {
    one = await desk();
    await write({ "support.yaml": manifest(...tools.live) });
    await one.rollcall("apply", "--yes");
    const then = live("support").main["tools"] ?? [];
    await write({ "support.yaml": manifest(...tools.applied) });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    edit("support", { tools: then });
    await write({ "support.yaml": manifest(...tools.declared) });
    one.writes();
  }

  test.each([
    [
      "fields of elements are adopted one by one",
      {
        applied: [tool("a"), tool("b")],
        live: [tool("a", 2), tool("b", 2)],
        declared: [tool("a", 3), tool("b", 3)],
      },
      ["overwrite", "adopt=Assistant/support:tools[webhook:b].webhook.url"],
      [tool("a", 3), tool("b", 2)],
      1,
    ],
    [
      "elements that were removed live are removed; elements that the manifest added are kept",
      {
        applied: [tool("a"), tool("b"), tool("c")],
        live: [tool("b")],
        declared: [tool("a", 3), tool("b"), tool("c"), tool("d")],
      },
      ["adopt"],
      [tool("b"), tool("d")],
      1,
    ],
    [
      "an element that was removed in the manifest is restored with its live value",
      { applied: [tool("a"), tool("b")], live: [tool("a", 2), tool("b")], declared: [tool("b")] },
      ["adopt=Assistant/support:/tools"],
      [tool("b"), tool("a", 2)],
      0,
    ],
    [
      "an element that was added on both sides gets its live value",
      { applied: [tool("a")], live: [tool("a"), tool("b", 2)], declared: [tool("a"), tool("b", 3)] },
      ["adopt"],
      [tool("a"), tool("b", 2)],
      0,
    ],
  ])("%s", async (_, tools, rules, expected, writes) => {
    await changed(tools);
    const ran = await one.rollcall("apply", "--yes", ...on(...rules));
    expect(ran, ran.stdout).toMatchObject({ code: 0 });
    expect(parse(await text("support.yaml"))).toEqual(parse(manifest(...expected)));
    expect(one.writes()).toHaveLength(writes);
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
  });

  test.each([
    [
      "adopt=Assistant/support:/tools/webhook:a",
      /tools\[webhook:a\] cannot be adopted: other elements of the list were added or removed/,
    ],
    [
      "adopt=Assistant/support:/tools/webhook:a/webhook/url",
      /it can only be adopted as a whole → --on-conflict=adopt=Assistant\/support:\/tools\/webhook:a /,
    ],
  ])("partial adoption is refused: %s", async (rule, message) => {
    await changed({
      applied: [tool("a"), tool("b"), tool("c")],
      live: [tool("b")],
      declared: [tool("a", 3), tool("b"), tool("c")],
    });
    const before = await text("support.yaml");
    const ran = await one.rollcall("apply", "--yes", ...on(rule));
    expect(ran.stdout.replaceAll(/\s+/g, " ")).toMatch(message);
    expect(ran.code).toBe(4);
    expect(await text("support.yaml")).toBe(before);
    expect(one.writes()).toEqual([]);
  });
});

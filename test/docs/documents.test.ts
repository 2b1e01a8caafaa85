import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import { kinds as all } from "../../src/providers/telnyx/kinds/index.ts";
import { loadEnvironments } from "../../src/schema/load.ts";
import { everyHelp } from "../e2e/every-help.ts";
import { DOCUMENTS, REPOSITORY, textOf } from "./blocks.ts";

const kinds = new Map(all.map((kind) => [kind.kind, kind]));

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-docs-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The manifests that stand in a document, each in a file of its own. */
function manifestsIn(document: string): readonly string[] {
  const blocks = [...textOf(document).matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  return blocks.filter((block) => block.startsWith("apiVersion:"));
}

/** What is wrong with the manifests as one project, in all its environments. */
async function mistakes(name: string, manifests: readonly string[]): Promise<readonly string[]> {
  const root = join(folder, name);
  const files = manifests.map((text, at) => {
    const isProject = text.includes("kind: Project");
    return { path: isProject ? "rollcall.yaml" : `assistants/${at}.yaml`, text };
  });
  const prompts = manifests.flatMap((text) =>
    [...text.matchAll(/file: (prompts\/[\w-]+\.md)/g)].map(([, path]) => `assistants/${path}`),
  );
  const others = [
    { path: "tools/none.yaml", text: "" },
    { path: "shared/none.yaml", text: "" },
    ...prompts.map((path) => ({ path, text: "Be kind.\n" })),
  ];
  for (const { path, text } of [...files, ...others]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const projects = await loadEnvironments({ path: root, env: { ROLLCALL_VAR_company: "Acme" }, kinds });
  const found = projects.flatMap(({ diagnostics }) => diagnostics);
  return found.map(({ code, message, range }) => `${range?.file}:${range?.start.line} ${code} ${message}`);
}

test("the manifests of the reference are a valid project", async () => {
  const manifests = manifestsIn("docs/manifests.md");
  expect(manifests.length).toBeGreaterThan(all.length);
  expect(await mistakes("reference", manifests)).toEqual([]);
});

test("the manifest of the README is valid, except for resources that it leaves out", async () => {
  const manifests = manifestsIn("README.md");
  expect(manifests).toHaveLength(1);
  const left = (await mistakes("readme", manifests)).map((text) => / (RC\d+) /.exec(text)?.[1]);
  expect(new Set(left)).toEqual(new Set(["RC3001"]));
});

test("the index of the documentation links to every page", () => {
  const linked = textOf("docs/README.md").matchAll(/\]\(([^)\s#]+)\)/g);
  const links = new Set([...linked].map(([, link = ""]) => `docs/${link}`));
  const pages = DOCUMENTS.filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
  expect(pages.filter((page) => !links.has(page))).toEqual([]);
});

test.each(DOCUMENTS)("every link of %s leads somewhere", (document) => {
  const links = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? document : join(dirname(document), path);
    if (!existsSync(join(REPOSITORY, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(document: string): readonly string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("the table of rooms is the one of the architecture test", () => {
  const held = [...textOf("test/architecture.test.ts").matchAll(/room: "([\w/]+)",\s+may: \[([^\]]*)\]/g)];
  const rows = [...textOf("docs/architecture.md").matchAll(/^\| `([\w/]+)` \|[^|]*\| ([\w, /@-]+) \|$/gm)];
  const table = (found: readonly RegExpMatchArray[]) =>
    Object.fromEntries(found.map(([, room = "", may = ""]) => [room, may.match(/[\w/@-]+/g) ?? ["nothing"]]));
  expect(held.length).toBeGreaterThan(5);
  expect(table(rows)).toEqual(table(held));
});

/** Pages about other programs as well, and about options that were taken back. */
const OTHER_PROGRAMS = new Set(["CONTRIBUTING.md", "docs/decisions.md"]);
/** The options of Docker in docs/containers.md. */
const DOCKER = new Set(["--init", "--user", "--volume", "--network", "--build-arg"]);
const OPTIONS = /(?<![\w-])--[a-z][\w-]*/g;

test("every option in the documentation exists, and those beside a command belong to it or to a subcommand", async () => {
  const helps = new Map(await everyHelp());
  /** Those of the command and of its subcommands; without a command, all. */
  const optionsOf = (command: string) => {
    const texts = [...helps].filter(([words]) => command === "" || `${words} `.startsWith(`${command} `));
    return new Set([...texts.flatMap(([, text]) => text.match(OPTIONS) ?? []), "--help", "--version"]);
  };
  const every = optionsOf("");
  /** `rollcall plan --out x`, `plan --out x` and `--out x`: the options of the command, or of any. */
  const allowed = (code: string) => {
    const words = code.replace(/^rollcall /, "").split(" ");
    const command = [2, 1].map((count) => words.slice(0, count).join(" ")).find((name) => helps.has(name));
    return command === undefined ? every : optionsOf(command);
  };
  const named = DOCUMENTS.filter((document) => !OTHER_PROGRAMS.has(document)).flatMap((document) =>
    [...textOf(document).matchAll(/`((?:rollcall |--|[a-z]+ (?:[a-z]+ )?--)[^`]*)`/g)].flatMap(
      ([, code = ""]) =>
        (code.match(OPTIONS) ?? [])
          .filter((option) => !DOCKER.has(option) && !allowed(code).has(option))
          .map((option) => `${document}: ${option} in ${code}`),
    ),
  );
  expect(every.size).toBeGreaterThan(60);
  expect(named).toEqual([]);
});

test.each(["README.md", "docs/exit-codes.md"])("%s names every command in its table", async (document) => {
  const commands = [...(await everyHelp())].map(([words]) => words).filter((words) => /^[a-z]+$/.test(words));
  const rows = [...textOf(document).matchAll(/^\| (`[^|]*) \|/gm)].map(([, first = ""]) => first);
  const named = new Set(
    rows.flatMap((row) => [...row.matchAll(/`(?:rollcall )?([a-z]+)/g)].map(([, name]) => name)),
  );
  expect(commands.length).toBeGreaterThan(25);
  expect(commands.filter((command) => !named.has(command))).toEqual([]);
});

test("the page about the library names everything that the package exports", () => {
  const page = textOf("docs/api.md");
  const names = Object.keys(library).filter(
    (name) => !/^(?:drift|apply)(?:Text|Markdown|Json|Html)$/.test(name),
  );
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
});

test("every file in the table of places exists", () => {
  const [, table = ""] = /^## Where to look\n(.*)/ms.exec(textOf("docs/architecture.md")) ?? [];
  const cells = table.split("\n").map((line) => line.split("|")[2] ?? "");
  const named = cells.flatMap((cell) =>
    [...cell.matchAll(/`([\w<>./-]+\/[\w<>./-]*)`/g)].map(([, path = ""]) => path),
  );
  const missing = named.filter((path) => {
    const real = path.replace("<kind>", "assistant");
    return !["src", "."].some((root) => existsSync(join(REPOSITORY, root, real)));
  });
  expect(named.length).toBeGreaterThan(25);
  expect(missing).toEqual([]);
});

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Ran } from "../e2e/cli.ts";
import { APPLY } from "./edits.ts";
import { assistant, type Manifest, tool } from "./manifests.ts";
import { at } from "./order.ts";
import type { Story } from "./story.ts";

/** A command that changes files, the ledger, or live objects, and in which order is its own affair. */
export interface FileCommand {
  /** What is there before it: the project is applied, and others have been at work. */
  prepare(told: Story): Promise<void>;
  args(told: Story): readonly string[];
  /** How the same command may end when it is run again after a kill; what it asks for then is done. */
  again(told: Story, ran: Ran): Promise<void>;
  /** How it ends for the files and the API, at last. */
  holds(told: Story): void;
}

const THEIRS = "Theirs.";
const OURS = "Ours.";

const fileOf = (one: Manifest): Manifest => ({ ...one, file: `${one.kind}-${one.metadata.name}` });
const front = (greeting: string) => fileOf(assistant("front", { greeting, tags: ["x"] }));
const back = (greeting: string) => fileOf(assistant("back", { greeting, tags: ["x"] }));
/** A further edit is made in it. */
const OTHER = fileOf(assistant("other", { greeting: "One.", tags: ["one"] }));
const ticket = fileOf(tool("ticket", { url: "https://one.example" }));

const BEGINNING = [front("One."), back("One."), ticket, OTHER];

async function begun(told: Story): Promise<void> {
  await told.declare(...BEGINNING);
  await told.ends(0, ...APPLY);
}

/** Other people edit three objects. */
function editOutside(told: Story): void {
  const { portal } = told.emulator;
  portal.edit("Assistant", told.idOf("Assistant", "front"), { greeting: THEIRS, tags: ["x", "theirs"] });
  portal.edit("Assistant", told.idOf("Assistant", "back"), { greeting: THEIRS });
  portal.edit("Tool", told.idOf("Tool", "ticket"), { tool_definition: { url: "https://theirs.example" } });
}

const greetingOf = (told: Story, name: string) => at(told.one("Assistant", name), "greeting");

/** What they wrote is live still. */
function keepsTheirs(told: Story): void {
  expect(["front", "back"].map((name) => greetingOf(told, name))).toEqual([THEIRS, THEIRS]);
  expect(at(told.one("Assistant", "front"), "tags")).toContain("theirs");
  expect(at(told.one("Tool", "ticket"), "tool_definition", "url")).toBe("https://theirs.example");
}

/** An object that this project does not manage yet. */
function makeOutside(told: Story): void {
  told.emulator.portal.create("Assistant", { name: "found", instructions: "Answer.", greeting: THEIRS });
}

const isDone = async (_: Story, { code, stderr }: Ran) => expect(code, stderr).toBe(0);

const found = (greeting: string, lifecycle?: Manifest["lifecycle"]) =>
  fileOf(assistant("found", { greeting }, lifecycle));

export const FILE_COMMANDS: Readonly<Record<string, FileCommand>> = {
  "drift --propose": {
    async prepare(told) {
      await begun(told);
      editOutside(told);
    },
    args: () => ["drift", "--propose"],
    // What is not declared, such as a new main version, is no part of the proposal.
    again: async (_, { code, stderr }) => expect([0, 2], stderr).toContain(code),
    holds: keepsTheirs,
  },
  "pull --update": {
    async prepare(told) {
      await begun(told);
      editOutside(told);
    },
    args: () => ["pull", "--update"],
    again: isDone,
    holds: keepsTheirs,
  },
  "apply --on-conflict adopt": {
    async prepare(told) {
      await begun(told);
      editOutside(told);
      const ours = tool("ticket", { url: "https://one.example", description: OURS });
      await told.declare(front(OURS), back(OURS), fileOf(ours), OTHER);
    },
    args: () => [...APPLY, "--on-conflict=adopt", "--on-conflict=overwrite=Assistant/back:/greeting"],
    again: isDone,
    holds(told) {
      expect(["front", "back"].map((name) => greetingOf(told, name))).toEqual([THEIRS, OURS]);
      expect(at(told.one("Tool", "ticket"), "tool_definition", "description")).toBe(OURS);
    },
  },
  "import without a manifest": {
    async prepare(told) {
      await begun(told);
      makeOutside(told);
    },
    args: (told) => ["import", "Assistant/found", told.idOf("Assistant", "found")],
    again: isDone,
    holds: (told) => expect(greetingOf(told, "found")).toBe(THEIRS),
  },
  "import with a manifest": {
    async prepare(told) {
      await begun(told);
      makeOutside(told);
      await told.declare(...BEGINNING, found(OURS));
    },
    args: (told) => ["import", "Assistant/found", told.idOf("Assistant", "found")],
    again: isDone,
    holds: (told) => expect(greetingOf(told, "found")).toBe(OURS),
  },
  "apply of lifecycle.import": {
    async prepare(told) {
      await begun(told);
      makeOutside(told);
      await told.declare(...BEGINNING, found(OURS, { import: told.idOf("Assistant", "found") }));
    },
    args: () => APPLY,
    again: isDone,
    holds: (told) => expect(greetingOf(told, "found")).toBe(OURS),
  },
  clone: {
    prepare: begun,
    args: () => ["clone", "Assistant/front", "--as", "night", "--yes"],
    async again(told, { code, stderr }) {
      // There is a clone that nothing knows: it is named, and no second one is made.
      if (code === 4) {
        const [, id = ""] =
          /error: (\S+) is like \S+ and is not managed: it may be an earlier clone/.exec(stderr) ?? [];
        await told.ends(0, "import", "Assistant/night", id);
      } else if (code !== 0) expect(stderr).toContain("Assistant/night is already declared");
    },
    holds(told) {
      const greetings = told.all("Assistant", "front").map((one) => at(one, "greeting"));
      expect(greetings).toEqual(["One.", "One."]);
    },
  },
};

/** The text of a manifest, edited by hand. */
export async function editedByHand({ folder }: Story, from: string, to: string): Promise<void> {
  const path = join(folder, "manifests", `${OTHER.file}.yaml`);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

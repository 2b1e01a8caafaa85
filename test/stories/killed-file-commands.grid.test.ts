import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { manifestsIn } from "../file-tree.ts";
import { everyNth } from "../grid.ts";
import { APPLY } from "./edits.ts";
import { editedByHand, FILE_COMMANDS, type FileCommand } from "./file-commands.ts";
import { assistant } from "./manifests.ts";
import { at, pathsOf, planned, type PlanShown } from "./order.ts";
import { type Cut, type Moment, openStory, story, type Story } from "./story.ts";

const SEQUELS = ["the same command", "a further edit", "a further edit, killed too", "a revert"] as const;
type Sequel = (typeof SEQUELS)[number];

type Files = Readonly<Record<string, string>>;

interface Case {
  readonly name: string;
  readonly sequel: Sequel;
}

const CASES: readonly Case[] = Object.keys(FILE_COMMANDS).flatMap((name) =>
  SEQUELS.map((sequel) => ({ name, sequel })),
);

/** Everything that a plan says somebody else has done. */
function foreignIn(plan: PlanShown): readonly string[] {
  return [
    ...pathsOf(plan, "drift", "conflict"),
    ...plan.drift.map(({ address, what }) => `${address} ${what}`),
    ...plan.refusals.map(({ address, rule }) => `${address} ${rule}`),
  ];
}

/** Whether it came to be killed. */
async function play({ name, sequel }: Case, moment: Moment | Cut): Promise<boolean> {
  const command = commandOf(name);
  const told = await openStory({ changesFiles: true });
  try {
    await command.prepare(told);
    const before = manifestsIn(told.folder);
    const foreign = foreignIn(await planned(told));
    const ended = await told.cutOff(moment, ...command.args(told));
    if (ended !== undefined) {
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      return false;
    }
    const plan = await planned(told);
    expect(foreign, "called somebody else's").toEqual(expect.arrayContaining([...foreignIn(plan)]));
    await isWhole(name, before, manifestsIn(told.folder));
    await SEQUEL[sequel](told, command, before);
    return true;
  } finally {
    await told.close();
  }
}

function commandOf(name: string): FileCommand {
  const command = FILE_COMMANDS[name];
  if (command === undefined) throw new Error(`there is no ${name}`);
  return command;
}

const rehearsed = new Map<string, Promise<Files>>();

/** The files are as they were, or as a run that is not killed leaves them. */
async function isWhole(name: string, before: Files, now: Files): Promise<void> {
  const known = rehearsed.get(name) ?? rehearse(name);
  rehearsed.set(name, known);
  if (JSON.stringify(now) !== JSON.stringify(before)) expect(now).toEqual(await known);
}

async function rehearse(name: string): Promise<Files> {
  const command = commandOf(name);
  const told = await openStory({ changesFiles: true });
  try {
    await command.prepare(told);
    await told.ends(0, ...command.args(told));
    return manifestsIn(told.folder);
  } finally {
    await told.close();
  }
}

const SEQUEL: Readonly<Record<Sequel, (told: Story, command: FileCommand, before: Files) => Promise<void>>> = {
  async "the same command"(told, command) {
    await runAgain(told, command);
    await settles(told);
    command.holds(told);
  },
  async "a further edit"(told, command) {
    await editedByHand(told, "One.", "Two.");
    await runAgain(told, command);
    await settles(told);
    command.holds(told);
    expect(at(told.one("Assistant", "other"), "greeting")).toBe("Two.");
  },
  async "a further edit, killed too"(told, command) {
    await editedByHand(told, "One.", "Two.");
    // Of the further edit alone: a whole apply would restore what others have changed.
    await told.cutOff({ side: "after", writes: true }, ...APPLY, "--target", "Assistant/other");
    await editedByHand(told, '"one"', '"two"');
    await told.cutOff({ step: 9 }, ...command.args(told));
    await runAgain(told, command);
    await settles(told);
    command.holds(told);
    const other = told.one("Assistant", "other");
    expect([at(other, "greeting"), at(other, "tags")]).toEqual(["Two.", ["two"]]);
  },
  /** What somebody else wrote is announced before it is written over. */
  async "a revert"(told, _, before) {
    await putBack(told, before);
    const count = told.all("Assistant").length;
    const theirs = theirsIn(told);
    const shown = new Set((await planned(told, "--prune")).changes.map(({ address }) => address));
    await told.ends(0, ...APPLY, "--prune", "--allow-mass-change", "--on-conflict=overwrite", "--adopt");
    const left = theirsIn(told);
    expect(
      theirs.filter((address) => !left.includes(address) && !shown.has(address)),
      "unannounced",
    ).toEqual([]);
    await told.ends(0, "plan", "--detailed-exitcode", "--prune");
    await told.ends(0, "drift");
    expect(told.all("Assistant").length).toBeLessThanOrEqual(count);
  },
};

/** The files of the project as they were; the ledger stays. */
async function putBack({ folder }: Story, files: Files): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== ".rollcall") await rm(join(folder, name), { recursive: true });
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

/** Addresses of assistants that have what somebody else wrote. */
function theirsIn(told: Story): readonly string[] {
  const theirs = told.all("Assistant").filter((one) => at(one, "greeting") === "Theirs.");
  return theirs.map(({ name }) => `Assistant/${name}`);
}

async function runAgain(told: Story, command: FileCommand): Promise<void> {
  await command.again(told, await told.run(...command.args(told)));
}

/** A plain apply, and then nothing is left to do. */
async function settles(told: Story): Promise<void> {
  await told.ends(0, ...APPLY);
  await told.ends(0, "plan", "--detailed-exitcode", "--prune");
  await told.ends(0, "drift");
}

test("clone takes the lock of a killed run over", async () => {
  const told = await story();
  await told.declare(assistant("front"));
  await told.ends(0, ...APPLY);
  await told.declare(assistant("front", { greeting: "Two." }));
  await told.killed({ side: "before", writes: true }, ...APPLY);
  await told.ends(0, "clone", "Assistant/front", "--as", "night", "--yes");
  expect(told.all("Assistant")).toHaveLength(2);
});

const isLong = inject("isLong");

everyNth(5).each(CASES)("$name, killed, then $sequel", { timeout: 10 * 60_000 }, async (one) => {
  const offset = CASES.indexOf(one);
  if (!isLong) {
    expect(await play(one, { step: 5 + (offset % 11) }), "it was not killed").toBe(true);
    return;
  }
  // Together, the sequels meet every step on files.
  let step = 1 + (offset % SEQUELS.length);
  while (await play(one, { step })) step += SEQUELS.length;
  expect(step).toBeGreaterThan(10);
  for (const side of ["before", "after"] as const) {
    let nth = 1;
    while (await play(one, { side, writes: true, nth })) nth += 1;
  }
});

import { expect } from "vitest";
import { manifestsIn } from "../file-tree.ts";
import { PLACES } from "./places.ts";
import { applied, assistant, project, type Scene } from "./scene.ts";

const COMMANDS = {
  "drift --propose": ["drift", "--propose"],
  "apply --on-conflict adopt": ["apply", "--yes", "--on-conflict", "adopt"],
  "pull --update": ["pull", "--update"],
};
export type Command = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly Command[];

/** The environments of a manifest. */
const USERS = {
  staging: ["staging"],
  "staging and production": ["staging", "production"],
  all: ["dev", "staging", "production"],
};
export type Users = keyof typeof USERS;
export const USER_NAMES = Object.keys(USERS) as readonly Users[];

export const names = Object.keys(PLACES);

/** The values that are there, and who has their manifests. */
export type Uses = ReadonlyMap<string, Users>;

function files(uses: Uses): Readonly<Record<string, string>> {
  const patches = [...uses.keys()].flatMap((name) =>
    (PLACES[name]?.patches ?? []).map((patch) => Object.assign({ target: `Assistant/${name}` }, patch)),
  );
  const manifests = [...uses].map(([name, users]) => {
    const text = assistant(name, PLACES[name]?.spec ?? "", users === "all" ? undefined : USERS[users]);
    return [`assistants/${name}.yaml`, text];
  });
  return Object.assign(
    {
      "rollcall.yaml": project(patches),
      "assistants/other.yaml": assistant("other", "instructions: { file: ../prompts/other.md }\n", [
        "production",
      ]),
      "prompts/other.md": "Be there.\n",
    },
    Object.fromEntries(manifests),
    ...[...uses.keys()].map((name) => PLACES[name]?.files),
  ) as Readonly<Record<string, string>>;
}

/** The files with the changes in Git that make conflicts. */
function conflicting(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const changed = Object.entries(texts).map(([file, text]) => {
    const own = names.filter((name) => {
      const { files: included = {}, patches } = PLACES[name] ?? {};
      const isPatched = file === "rollcall.yaml" && patches !== undefined;
      return file === `assistants/${name}.yaml` || file in included || isPatched;
    });
    const next = own.reduce((now, name) => {
      const [from, to] = PLACES[name]?.conflict ?? ["", ""];
      return from === "" ? now : now.replaceAll(from, () => to);
    }, text);
    return [file, next];
  });
  return Object.fromEntries(changed) as Readonly<Record<string, string>>;
}

/** A command with these values: what staging gets changes, and nothing that dev or production gets. */
export async function changesOnlyStaging(command: Command, uses: Uses): Promise<void> {
  const one = await applied(files(uses));
  try {
    await runs(one, command, uses);
  } finally {
    await one.close();
  }
}

async function runs(one: Scene, command: Command, uses: Uses): Promise<void> {
  const isAdopted = command === "apply --on-conflict adopt";
  const edited = [...uses.keys()].filter((name) => !isAdopted || PLACES[name]?.conflict !== undefined);
  for (const name of edited) one.edit(name, PLACES[name]?.edit ?? (() => ({})));
  if (isAdopted) await one.write(conflicting(files(uses)));
  const others = () => Promise.all(["dev", "production"].map((name) => one.declared(name)));
  const [before, texts] = [await others(), manifestsIn(one.folder)];

  const said = await one.ends(0, ...COMMANDS[command], "--env", "staging");
  expect(said).not.toContain("Not adopted");
  expect(await others()).toEqual(before);
  const changed = Object.entries(manifestsIn(one.folder)).filter(([file, text]) => texts[file] !== text);
  const written = changed.map(([, text]) => text).join("\n");
  for (const name of edited) {
    const { isOwn, files: included = {}, written: expected = "" } = PLACES[name] ?? {};
    expect(written, name).toContain(expected);
    const isManifest = changed.some(([file]) => file === `assistants/${name}.yaml` || file in included);
    if (isOwn !== true) expect([name, isManifest]).toEqual([name, uses.get(name) === "staging"]);
  }
  const made = changed.map(([file]) => file).filter((file) => texts[file] === undefined);
  expect(made.filter((file) => !file.endsWith(".staging.md"))).toEqual([]);
  expect(
    made.filter((file) => edited.some((name) => PLACES[name]?.isOwn && file.includes(`/${name}.`))),
  ).toEqual([]);
  expect(await one.ends(0, "plan", "--env", "staging", "--detailed-exitcode")).toContain("No changes.");
}

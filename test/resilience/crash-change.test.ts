import { rm } from "node:fs/promises";
import { afterAll } from "vitest";
import { officeScene } from "./crash-scene.ts";
import { afterKill, survives } from "./crash.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const change = (name: string) => async () => {
  const scene = await officeScene(name);
  folders.push(scene.project);
  return scene;
};

survives({
  "an update of everything": change("everything"),
  "a prune": change("prune"),
  "a move": change("move"),
  "a replacement": change("replace"),
  "a replacement, after a run that was killed": async (program) =>
    afterKill(await change("replace")(), program),
});

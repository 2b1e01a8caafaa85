import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { photograph } from "../stories/disk.ts";
import { openStory, type StoryOptions } from "../stories/story.ts";
import { manifestsInFiles } from "./manifest-files.ts";
import type { Stage } from "./environment.ts";

/** Whole command lines, with manifests and the ledger in files, and the API over connections. */
export async function openCliStage(options: StoryOptions = {}): Promise<Stage> {
  const story = await openStory({ ...options, changesFiles: true });
  const { folder, emulator, declare, run, cutOff, beginAgain, close } = story;
  const place = join(folder, ".rollcall");
  const [file, log] = [join(place, "default.json"), join(place, "default.log.jsonl")];
  return {
    emulator,
    declare,
    run,
    cutOff,
    showsApplied: false,
    applied: () => undefined,
    reported: () => undefined,
    manifests: () => manifestsInFiles(folder),
    ledger: {
      photograph: () => photograph(place),
      state: async () => undefined,
      lose: () => rmSync(place, { recursive: true, force: true }),
      exchange() {
        const text = readIfThere(file);
        const bring = () => {
          if (text === undefined) return rmSync(file, { force: true });
          mkdirSync(place, { recursive: true });
          writeFileSync(file, text);
          if (lineageIn(readIfThere(log)?.toString().split("\n")[0]) !== lineageIn(text.toString()))
            rmSync(log, { force: true });
        };
        return { isPartial: existsSync(log), bring };
      },
    },
    beginAgain,
    close,
  };
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

/** Which ledger a text belongs to: a file, or the first line of a log. */
function lineageIn(text: string | undefined): unknown {
  const [, lineage] = /"lineage": ?"([^"]+)"/.exec(text ?? "") ?? [];
  return lineage;
}

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { photograph } from "../stories/disk.ts";
import { openStory, type StoryOptions } from "../stories/story.ts";
import type { Stage } from "./stage.ts";

/** Whole command lines, with manifests and the ledger in files, and the API over connections. */
export async function openCliStage(options: StoryOptions = {}): Promise<Stage> {
  const story = await openStory(options);
  const { folder, emulator, declare, run, cutOff, beginAgain, close } = story;
  const place = join(folder, ".rollcall");
  const file = join(place, "default.json");
  return {
    emulator,
    declare,
    run,
    cutOff,
    showsApplied: false,
    applied: () => undefined,
    ledger: {
      photograph: () => photograph(place),
      lose: () => rmSync(place, { recursive: true, force: true }),
      exchange() {
        const text = existsSync(file) ? readFileSync(file) : undefined;
        const bring = () => {
          if (text === undefined) return rmSync(file, { force: true });
          mkdirSync(place, { recursive: true });
          writeFileSync(file, text);
        };
        return { isPartial: existsSync(join(place, "default.log.jsonl")), bring };
      },
    },
    beginAgain,
    close,
  };
}

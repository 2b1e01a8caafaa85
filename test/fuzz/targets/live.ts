import type { Chance } from "../chance.ts";
import { startHostile } from "../hostile.ts";
import { accountWith } from "./account.ts";
import type { Target } from "./target.ts";

/** An API that answers as it likes. */
export const live: Target = async ({ recordings, sandbox, chance, seed, isProcess }) => {
  const { small, changed, ledger, account, ids } = recordings;
  const emulator = await accountWith(chance.oneIn(4) ? undefined : account, sandbox);
  const hostile = await startHostile(emulator.url, seed, isProcess);
  const files = new Map(chance.oneIn(2) ? small : changed);
  if (!chance.oneIn(4)) files.set(".rollcall/production.json", ledger);
  return {
    contents: { files, links: [] },
    env: { TELNYX_BASE_URL: hostile.url, ...(chance.oneIn(3) ? { GITHUB_ACTIONS: "true" } : {}) },
    ports: [hostile.port, emulator.port],
    commands: [isProcess ? ["plan", "--out", "plan.json"] : commandOn(chance, ids)],
    close: async () => {
      await hostile.close();
      await emulator.close();
    },
  };
};

function commandOn(chance: Chance, ids: Readonly<Record<string, string>>): readonly string[] {
  const [address, id] = chance.pick(Object.entries(ids));
  return chance.pick([
    ["plan", "--show-unmanaged", "--format", chance.pick(["text", "json", "markdown", "html", "gitlab"])],
    ["plan", "--prune", "--verbose", "--out", "plan.json"],
    ["drift", "--show-foreign", "--format", chance.pick(["text", "json", "markdown", "html"])],
    ["drift", "--propose"],
    ["apply", "--yes"],
    [
      "apply",
      "--yes",
      "--verbose",
      "--prune",
      "--on-conflict",
      "overwrite",
      "--allow-mass-change",
      "--format",
      chance.pick(["text", "json", "markdown", "html"]),
    ],
    ["destroy", "--yes"],
    ["import", address, id],
    ["test", "--timeout", "20s", "--format", chance.pick(["text", "json", "junit"])],
  ]);
}

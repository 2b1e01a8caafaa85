import { createHash } from "node:crypto";
import { sorted, stringify, type JsonObject } from "../../../src/model/json.ts";
import { parseJson } from "../../../src/model/parse-json.ts";
import { compactPieces } from "../../../src/ledger/format-texts.ts";
import type { Chance } from "../chance.ts";
import { mutatedJson, textOf } from "../mutate-json.ts";
import { mutatedBytes, mutatedText } from "../mutate-text.ts";
import { anyValue } from "../values.ts";
import { accountWith } from "./account.ts";
import { anyLink } from "./manifests.ts";
import type { Target } from "./target.ts";

const LEDGER = ".rollcall/production.json";
const LOG = ".rollcall/production.log.jsonl";

/** The ledger file, its log and its lock; most have sums that fit their content. */
export const ledgers: Target = async ({ recordings, sandbox, chance }) => {
  const { small, changed, ledger, log, account } = recordings;
  const emulator = await accountWith(account, sandbox);
  const files = new Map(chance.oneIn(2) ? small : changed);
  const isLog = chance.oneIn(2);
  if (isLog) files.set(LOG, chance.oneIn(5) ? raw(log, chance) : mutatedLog(log, chance));
  if (!isLog || chance.oneIn(3))
    files.set(LEDGER, chance.oneIn(5) ? raw(ledger, chance) : mutatedLedger(ledger, chance));
  if (chance.oneIn(8)) files.set(`${LEDGER}.lock`, Buffer.from(textOf(mutatedJson(LOCK, chance))));
  return {
    contents: {
      files,
      links: chance.oneIn(20)
        ? [
            anyLink(
              new Map([
                [LEDGER, ledger],
                [LOG, log],
                [`${LEDGER}.lock`, log],
              ]),
              chance,
            ),
          ]
        : [],
    },
    env: { TELNYX_BASE_URL: emulator.url },
    ports: [emulator.port],
    commands: [commandOn(chance), commandOn(chance)],
    close: () => emulator.close(),
  };
};

const LOCK = {
  token: "t",
  run: "r",
  who: "tester",
  host: "here",
  pid: 1,
  since: "2026-01-01T00:00:00Z",
  until: "2026-01-01T00:10:00Z",
};

function commandOn(chance: Chance): readonly string[] {
  return chance.pick([
    ["plan", "--format", chance.pick(["text", "json", "markdown", "html"])],
    ["plan", "--prune"],
    ["drift", "--format", chance.pick(["text", "json"])],
    ["drift", "--propose"],
    ["apply", "--yes"],
    ["apply", "--yes", "--prune", "--on-conflict", "overwrite", "--allow-mass-change"],
    ["destroy", "--yes"],
    ["ledger", "list", "--format", chance.pick(["text", "json"])],
    ["ledger", "show", chance.pick(["Assistant/front-desk", "Tool/open-ticket"])],
    ["ledger", "move", "Assistant/front-desk", "Assistant/desk"],
    ["ledger", "forget", "Tool/open-ticket"],
    ["ledger", "unlock", "--yes"],
    ["ledger", "history"],
    ["import", "Tool/open-ticket", "some-id"],
  ]);
}

function raw(bytes: Buffer, chance: Chance): Buffer {
  return chance.oneIn(2)
    ? mutatedBytes(bytes, chance)
    : Buffer.from(mutatedText(bytes.toString("utf8"), chance));
}

function mutatedLedger(ledger: Buffer, chance: Chance): Buffer {
  const text = textOf(mutatedJson(JSON.parse(ledger.toString("utf8")), chance));
  try {
    const { checksum: _, ...body } = parseJson(text) as JsonObject;
    const checksum = createHash("sha256")
      .update(stringify(sorted(body)))
      .digest("hex");
    return Buffer.from(stringify({ checksum, ...body }));
  } catch {
    return Buffer.from(text);
  }
}

function mutatedLog(log: Buffer, chance: Chance): Buffer {
  const lines = log.toString("utf8").split(/(?<=\n)/);
  const at = chance.below(lines.length);
  const { sum: _, ...value } = (lines[at] ?? "").endsWith("\n")
    ? (JSON.parse(lines[at] ?? "") as JsonObject)
    : {};
  const changes = chance.oneIn(6) ? anyValue(chance) : mutatedJson(value, chance);
  lines[at] = summed(textOf(changes));
  if (chance.oneIn(6)) lines.splice(chance.below(lines.length), 1);
  if (chance.oneIn(6)) lines.push(chance.pick(lines));
  return Buffer.from(lines.join(""));
}

function summed(text: string): string {
  try {
    const compact = [...compactPieces(parseJson(text) as JsonObject, 0)].join("");
    const sum = createHash("sha256").update(compact).digest("hex").slice(0, 16);
    return `${compact.slice(0, -1)},"sum":"${sum}"}\n`;
  } catch {
    return `${text}\n`;
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished } from "vitest";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import type { LedgerChoice } from "../../src/model/ledger.ts";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { slowAnswers } from "../e2e/slow-answers.ts";
import { folder } from "../ledger/folder.ts";
import { bareRepository, clone } from "../ledger/git-place.ts";
import { startStateServer } from "../ledger/state-server.ts";
import { everyNth } from "../grid.ts";
import { builtProgram, type Program } from "./program.ts";

const test = everyNth(7);

/** Where so many people, each with a checkout of their own, keep the ledger of one project. */
type Backend = (count: number) => Promise<readonly Checkout[]>;

interface Checkout {
  readonly root: string;
  readonly ledger: LedgerChoice;
  readonly env?: Readonly<Record<string, string>>;
}

const BACKENDS: Readonly<Record<string, Backend>> = {
  file: async (count) => {
    const path = folder();
    return many(count, () => ({
      root: folder(),
      ledger: { backend: "file", path },
      env: { ROLLCALL_ALLOWED_PATHS: path },
    }));
  },
  http: async (count) => {
    const { url } = await startStateServer();
    const ledger: LedgerChoice = { backend: "http", address: url, lockAddress: `${url}/lock` };
    return many(count, () => ({ root: folder(), ledger }));
  },
  git: async (count) => {
    const bare = bareRepository();
    return many(count, () => ({ root: clone(bare), ledger: { backend: "git" } }));
  },
};

function many<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

/** Each has two tools that nobody else has, and a greeting of their own for the assistant that they share. */
function declare({ root, ledger }: Checkout, who: number): void {
  const tool = (name: string) =>
    manifest("Tool", name, {
      display_name: name,
      type: "webhook",
      webhook: { name, description: "Opens a ticket.", url: "https://field.example/tickets" },
    });
  const front = manifest("Assistant", "front", {
    name: "Front desk",
    instructions: "Answer.",
    greeting: `From ${who}-front.`,
    tool_ids: [{ ref: `Tool/from-${who}-a` }],
  });
  const manifests = [tool(`from-${who}-a`), tool(`from-${who}-b`), front];
  const project = { ...manifest("Project", "office", { manifests: ["manifests"], ledger: { ...ledger } }) };
  mkdirSync(join(root, "manifests"));
  writeFileSync(join(root, "rollcall.yaml"), JSON.stringify(project));
  writeFileSync(
    join(root, "manifests", "office.yaml"),
    manifests.map((one) => JSON.stringify(one)).join("\n---\n"),
  );
}

function manifest(kind: string, name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
}

/** What is looked at. */
interface PlanJson {
  readonly resource_drift: readonly unknown[];
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

let program: Program;
beforeAll(async () => {
  program = await builtProgram();
});

describe.each(Object.entries(BACKENDS))("%s", (_, backend) => {
  test("an apply that does not wait names the holder of the lock", async () => {
    const { sleep, waiting, end } = slowAnswers();
    const { checkouts, emulator, apply } = await openOffice(backend, 2, { sleep });
    emulator.inject({ match: { method: "POST" }, fault: { kind: "slow", milliseconds: 1 } });
    const first = apply(checkouts[0]?.root ?? "");
    await Promise.race([waiting, first.ended]);
    const second = await apply(checkouts[1]?.root ?? "").ended;
    expect(second.code, second.stderr).toBe(4);
    expect(second.stderr).toMatch(new RegExp(`process ${first.child.pid}\\b`));
    end();
    expect((await first.ended).code).toBe(0);
    expect(new Set(writersOf(emulator))).toEqual(new Set([0]));
  }, 60_000);

  test.each([2, 8])(
    "%i processes apply at once: one at a time writes, and no baseline is lost",
    async (count) => {
      const office = await openOffice(backend, count);
      const ends = await Promise.all(
        office.checkouts.map(({ root }) => office.apply(root, "--lock-timeout", "4m").ended),
      );
      for (const { code, stderr } of ends) expect(code, stderr).toBe(0);

      const writers = writersOf(office.emulator);
      expect(writers.filter((who, index) => who !== writers[index - 1]).toSorted()).toEqual(
        office.checkouts.map((_, who) => who),
      );
      const { tools, assistants } = office.emulator.state();
      const wanted = office.checkouts.flatMap((_, who) => [`from-${who}-a`, `from-${who}-b`]);
      expect(tools.map((tool) => tool["display_name"]).toSorted()).toEqual(wanted.toSorted());
      expect(assistants.map(({ main }) => main["name"])).toEqual(["Front desk"]);
      for (const [who, { root }] of office.checkouts.entries()) {
        const plan = await office.plan(root);
        const isLast = who === writers.at(-1);
        expect(plan.resource_drift).toEqual([]);
        const changed = plan.resource_changes.filter(({ change }) => change.actions[0] !== "no-op");
        expect(changed.map(({ address, change }) => `${change.actions.join()} ${address}`)).toEqual(
          isLast ? [] : ["update Assistant/front"],
        );
      }
    },
    280_000,
  );
});

async function openOffice(backend: Backend, count: number, options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ seed: 1, ...options });
  onTestFinished(() => emulator.close());
  const checkouts = await backend(count);
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY, ...checkouts[0]?.env };
  for (const [who, checkout] of checkouts.entries()) declare(checkout, who);
  return {
    emulator,
    checkouts,
    apply: (root: string, ...more: readonly string[]) =>
      program.start(root, ["apply", "--yes", ...more], { env }),
    plan: async (root: string): Promise<PlanJson> => {
      const { code, stdout, stderr } = await runIn(root, env, ["plan", "--format", "json"]);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as PlanJson;
    },
  };
}

/** Who sent each write, in the order of arrival. */
function writersOf(emulator: Emulator): readonly number[] {
  return emulator
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ body }) => Number(/rom[- ](\d+)-/i.exec(isObject(body) ? JSON.stringify(body) : "")?.[1]));
}

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { PortalKind } from "../../src/providers/telnyx/emulator/portal.ts";
import { desk, KEY, runIn, type Desk, type Ran } from "../e2e/cli.ts";
import { everyAssistant } from "../specification/every-field/assistant.ts";
import { everyTool } from "../specification/every-field/tools.ts";
import { makeAccount } from "./account.ts";
import { httpTo, idOf } from "./http.ts";
import { makeSmallAccount } from "./small-account.ts";
import { tamperWith, type Path, type Tampering } from "./tampering.ts";

const LISTS: Readonly<Partial<Record<PortalKind, string>>> = {
  Assistant: "/ai/assistants",
  Tool: "/ai/tools",
  McpServer: "/ai/mcp_servers",
  AssistantTest: "/ai/assistants/tests",
};
/** An account of which one value is shown as another one, and commands that see it so. */
export interface ChangedAccount {
  /** Shows one value as another one from now on. */
  show: Tampering["show"];
  objects(): Promise<readonly LiveValue[]>;
  idOfNamed(kind: PortalKind, name: string): Promise<string>;
  /** Runs commands in a folder of their own with an account in which one value is another one. */
  withValue(id: string, path: Path, next: Json, work: Work): Promise<void>;
}

export interface LiveValue {
  readonly kind: PortalKind;
  readonly id: string;
  readonly body: JsonObject;
}

type Work = (run: (...args: readonly string[]) => Promise<Ran>, folder: string) => Promise<void>;

/** One account for all tests of a file. */
export function changedAccount(): ChangedAccount {
  let here: Desk;
  let account: Tampering;
  beforeAll(async () => {
    here = await desk();
    const http = httpTo(here.emulator.url);
    await makeSmallAccount(http);
    const plain = Object.entries(everyAssistant).filter(
      ([key]) => !["tool_ids", "mcp_servers", "tools", "insight_settings"].includes(key),
    );
    const fields = { ...Object.fromEntries(plain), name: "Rich", instructions: "Hi" };
    const tool = { ...everyTool.find(({ type }) => type === "webhook"), display_name: "Rich tool" };
    const assistant = { fields, handoffs: [], tools: [0], servers: [], tags: ["voice"], versions: [] };
    await makeAccount(http, { tools: [tool], servers: [], assistants: [assistant], tests: [] });
    account = await tamperWith(here.emulator.url);
  });
  afterAll(async () => {
    await account.close();
    await here.close();
  });

  async function liveObjects(): Promise<readonly LiveValue[]> {
    const lists = Object.entries(LISTS).map(async ([kind, path]) => {
      const answer = await fetch(here.emulator.url + path, { headers: { authorization: `Bearer ${KEY}` } });
      const all = (await answer.json()) as
        | readonly JsonObject[]
        | { readonly [data: string]: readonly JsonObject[] };
      const objects = Array.isArray(all) ? all : Object.values(all).find((value) => Array.isArray(value));
      return (objects ?? []).map((body) => ({ kind: kind as PortalKind, id: idOf(body), body }));
    });
    return (await Promise.all(lists)).flat();
  }

  async function idOfNamed(kind: PortalKind, name: string): Promise<string> {
    const found = (await liveObjects()).find(
      ({ kind: one, body }) => one === kind && [body["name"], body["display_name"]].includes(name),
    );
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found.id;
  }

  async function withValue(id: string, path: Path, next: Json, work: Work): Promise<void> {
    const folder = await mkdtemp(join(here.folder, "pull-"));
    account.show(id, path, next);
    try {
      const env = { ...here.env, TELNYX_BASE_URL: account.url };
      await work((...args) => runIn(folder, env, args), folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  return {
    show: (id, path, value) => account.show(id, path, value),
    objects: liveObjects,
    idOfNamed,
    withValue,
  };
}

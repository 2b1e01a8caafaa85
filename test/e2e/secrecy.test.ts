import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startStateServer, type StateServer } from "../ledger/state-server.ts";
import { desk, KEY, type Desk } from "./cli.ts";

/** The value of a header that the manifests hold, and one that somebody has typed into the portal. */
const DECLARED = "hdr-declared-4711";
const TYPED = "hdr-typed-0815";
const PASSWORD = "pa55-w0rd-of-the-ledger";
/** What looks like a credential wherever it comes from. */
const FOREIGN = "KEY0000FOREIGN1111222233334444";
const BEARER = "eyJhbGciOi.JIUzI1NiJ9.e30";
const SECRETS = [KEY, DECLARED, TYPED, PASSWORD, FOREIGN, BEARER];

const COMMANDS: readonly (readonly string[])[] = [
  ...["text", "json", "github", "sarif"].map((format) => ["validate", "--format", format]),
  ["validate", "--show", "Tool/ticket"],
  ...["text", "json", "markdown", "html"].flatMap((format) => [
    ["plan", "--format", format],
    ["drift", "--show-foreign", "--format", format],
  ]),
  ["plan", "--out", "plan.json"],
  ["apply", "plan.json"],
  ["ledger", "show", "Tool/ticket"],
  ["ledger", "list", "--format", "json"],
  ["ledger", "history"],
  ...["wide", "json", "name"].map((format) => ["get", "-o", format]),
  ["get", "Tool/ticket", "-o", "json"],
  ["graph", "--format", "json"],
  ["test"],
  ["import", "Tool/other", "no-such-id"],
];

let office: Desk;
let state: StateServer;

beforeEach(async () => {
  office = await desk();
  state = await startStateServer({ credentials: `ci:${PASSWORD}` });
});

afterEach(() => office.close());

async function declare(header: string, timeout = 4000): Promise<void> {
  const ledger = { backend: "http", address: state.url, lockAddress: `${state.url}/lock` };
  const credentials = { username: { env: "LEDGER_USER" }, password: { env: "LEDGER_PASSWORD" } };
  const headers = [{ name: "x-token", value: header }];
  const manifests = [
    { kind: "Project", metadata: { name: "office" }, spec: { ledger: { ...ledger, ...credentials } } },
    {
      kind: "Tool",
      metadata: { name: "ticket" },
      spec: {
        display_name: "Ticket",
        type: "webhook",
        timeout_ms: timeout,
        webhook: { name: "ticket", description: "Opens one.", url: "https://a.example", headers },
      },
    },
    { kind: "Assistant", metadata: { name: "front" }, spec: { name: "Front", instructions: "Answer." } },
  ];
  for (const { kind, ...rest } of manifests) {
    const text = JSON.stringify({ apiVersion: "rollcall.dev/v1", kind, ...rest });
    await writeFile(join(office.folder, kind === "Project" ? "rollcall.yaml" : `${kind}.yaml`), text);
  }
}

const run = (...args: readonly string[]) =>
  office.rollcallWith({ LEDGER_USER: "ci", LEDGER_PASSWORD: PASSWORD }, ...args, ...verbose(args));

const verbose = ([command]: readonly string[]) => (command === "graph" ? [] : ["-v"]);

/** Every command, and what each of them has said. */
async function everything(): Promise<string> {
  const said = [];
  for (const args of COMMANDS) {
    const { stdout, stderr } = await run(...args);
    expect(stdout + stderr, args.join(" ")).not.toBe("");
    said.push(`${args.join(" ")}\n${unpacked(stdout)}\n${stderr}`);
  }
  return said.join("\n");
}

/** With the JSON that a page carries to be downloaded. */
function unpacked(stdout: string): string {
  const [, data = ""] = /href="data:application\/gzip;base64,([^"]+)"/.exec(stdout) ?? [];
  return data === "" ? stdout : stdout + gunzipSync(Buffer.from(data, "base64")).toString("utf8");
}

function revealed(text: string): readonly string[] {
  const lines = text.split("\n");
  const forms = SECRETS.flatMap((secret) => [secret, Buffer.from(secret).toString("base64").slice(0, -4)]);
  return lines.filter((line) => forms.some((form) => line.includes(form))).map((line) => line.slice(0, 200));
}

async function written(): Promise<string> {
  const names = (await readdir(office.folder)).filter((name) => name.endsWith(".json"));
  const texts = await Promise.all(names.map((name) => readFile(join(office.folder, name), "utf8")));
  return [...texts, state.state ?? ""].join("\n");
}

describe("no secret is printed", () => {
  test("in successful commands, also with another header in the portal", async () => {
    await declare(DECLARED);
    expect((await run("apply", "--yes")).code).toBe(0);
    await declare(DECLARED, 9000);
    const [tool] = office.emulator.state().tools;
    const headers = [{ name: "x-token", value: TYPED }];
    office.emulator.portal.edit("Tool", String(tool?.["id"]), { tool_definition: { headers } });
    const said = await everything();
    expect(said).toContain("headers[x-token]");
    expect(revealed(said)).toEqual([]);
    expect(await written()).toContain("Ticket");
    expect(revealed(await written())).toEqual([]);
    expect((await stat(join(office.folder, "plan.json"))).mode & 0o777).toBe(0o600);
  }, 60_000);

  test.each(["telnyx", "fastapi", "html"] as const)(
    "when every response is an error that repeats them (%s)",
    async (body) => {
      await declare(DECLARED);
      const detail = `not with ${KEY} nor ${FOREIGN}, Authorization: Bearer ${BEARER}`;
      for (const method of ["GET", "POST"]) {
        office.emulator.inject({
          match: { method },
          times: "always",
          fault: { kind: "status", status: 422, body, detail },
        });
      }
      const said = await everything();
      if (body !== "html") expect(said).toContain("not with [redacted]");
      expect(revealed(said)).toEqual([]);
    },
    60_000,
  );

  test("when the ledger server refuses", async () => {
    await declare(DECLARED);
    for (const status of [401, 403, 500, 302, 409]) {
      state.faults.push(...Array.from({ length: 20 }, () => ({ on: "", fault: status })));
      const { code, stdout, stderr } = await run("plan");
      expect(code).toBe(1);
      expect(revealed(stdout + stderr)).toEqual([]);
      state.faults.length = 0;
    }
  }, 60_000);
});

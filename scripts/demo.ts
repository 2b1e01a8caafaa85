/**
 * Rollcall's main job on the embedded emulator, narrated: validate, plan, apply, a portal edit, drift, and back. Each
 * command is the real one in a process of its own. Any surprise ends the demo with exit code 1.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { startEmulator } from "../src/providers/telnyx/emulator/emulator.ts";

const repository = resolve(import.meta.dirname, "..");
const cli = join(repository, "dist/cli/main.js");
const colour = process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "";
const folder = await mkdtemp(join(tmpdir(), "rollcall-demo-"));
const emulator = await startEmulator({ seed: 7 });

function say(text: string): void {
  const line = `\n── ${text} ${"─".repeat(Math.max(4, 96 - text.length))}`;
  console.log(colour ? styleText(["bold", "cyan"], line) : line);
}

function fail(text: string): never {
  throw new Error(`the demo went wrong: ${text}`);
}

/** Runs one command line, shows it as a user would type it, and checks how it ends. */
async function rollcall(args: readonly string[], expected: number): Promise<string> {
  console.log(`\n$ rollcall ${args.join(" ")}`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      TELNYX_BASE_URL: emulator.url,
      TELNYX_STAGING_API_KEY: "demo-key",
      TELNYX_API_KEY: "demo-key",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  const output = Buffer.concat(chunks).toString("utf8");
  console.log(output.trimEnd());
  console.log(`(exit code ${code})`);
  if (code !== expected) fail(`exit code ${code} instead of ${expected}`);
  return output;
}

/** Since the last look. */
function writes(): string {
  const count = emulator.requests().filter(({ method }) => method !== "GET").length;
  emulator.clearRequests();
  return count === 1 ? "1 write" : `${count} writes`;
}

async function demo(): Promise<void> {
  await cp(join(repository, "examples/assistants"), folder, { recursive: true });
  say("Five assistants, their tools, servers, tests and a canary stand in Git. Are the manifests right?");
  await rollcall(["validate", "--env", "staging"], 0);

  say("What would apply do? Nothing exists yet at this (emulated) account.");
  await rollcall(["plan", "--env", "staging"], 0);
  if (writes() !== "0 writes") fail("plan wrote something");

  say("Do it. The assistants hand off to each other in circles; Rollcall finds an order.");
  await rollcall(["apply", "--env", "staging", "--yes", "--quiet"], 0);
  console.log(`(${writes()})`);

  say("Once more: what is declared is what runs, so nothing is sent.");
  const again = await rollcall(["plan", "--env", "staging", "--detailed-exitcode"], 0);
  if (!again.includes("No changes.")) fail("the second plan is not empty");
  console.log(`(${writes()})`);

  say("Friday evening: someone edits a prompt in the portal …");
  const billing = emulator.state().assistants.find(({ main }) => main["name"] === "Billing");
  if (billing === undefined) fail("there is no billing assistant");
  const prompt = String(billing.main["instructions"]);
  const edited = prompt.replace(
    "You cannot grant a refund, a discount",
    "You may refund up to $500 yourself; no discount",
  );
  if (edited === prompt) fail("the prompt does not have the line that is to be edited");
  emulator.portal.edit("Assistant", billing.id, { instructions: edited });
  console.log("billing: “You cannot grant a refund” now reads “You may refund up to $500 yourself”");

  say("… and the nightly job notices: path, both texts, exit code 2.");
  const drift = await rollcall(["drift", "--env", "staging"], 2);
  if (!drift.includes("$500")) fail("drift does not show the edited line");
  if (writes() !== "0 writes") fail("drift wrote something");

  say("Apply puts the reviewed prompt back, and nothing else.");
  await rollcall(["apply", "--env", "staging", "--yes", "--quiet"], 0);
  console.log(`(${writes()})`);

  say("All quiet again.");
  await rollcall(["drift", "--env", "staging"], 0);
  console.log("\nThat was the main job. The README goes on with your own account.");
}

try {
  await demo();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
}

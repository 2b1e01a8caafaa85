// Runs Rollcall for the GitHub Action: from the inputs of the action to its outputs, its annotations and its summary.
// Inputs arrive as INPUT_… variables and are handed on as arguments, so that no shell ever reads them. It ends with 0
// whenever Rollcall was run; the last step of the action ends with Rollcall's own exit code.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";

const { env } = process;
/** Bytes of a file that is read. */
const LARGEST = 64 * 1024 * 1024;
const input = (name) => env[`INPUT_${name}`] ?? "";
const isOn = (name) => input(name) === "true";

const command = input("COMMAND");
const here = resolve(env.GITHUB_WORKSPACE ?? ".", input("WORKING_DIRECTORY"));
const project = resolve(here, input("PROJECT"));
mkdirSync(env.RUNNER_TEMP, { recursive: true });
const folder = mkdtempSync(join(env.RUNNER_TEMP, "rollcall-"));
const file = (name) => join(folder, name);
const environment = input("ENVIRONMENT") === "" ? [] : ["--env", input("ENVIRONMENT")];
// One argument a line, so that nothing has to be quoted.
const more = input("ARGS")
  .split("\n")
  .map((line) => line.trim())
  .filter((line) => line !== "");

const NO_ADOPTION =
  "on-conflict: adopt writes manifests, and the checkout of this job is discarded. Adopt in a checkout and commit the manifests.";

const COMMANDS = { validate, plan, apply, drift };
if (!Object.hasOwn(COMMANDS, command)) {
  fail(`the input command is one of ${Object.keys(COMMANDS).join(", ")}`);
} else {
  output("folder", folder);
  const reason = distrust();
  await (reason === undefined ? COMMANDS[command]() : offline(reason));
}

/**
 * Why this run is not trusted with the API key, as a sentence; undefined when it is. What is on the list can only be
 * started by somebody with write access to the repository, or by GitHub's clock. Anything else, and any event that is
 * yet to come, may be started by strangers, or run on what they wrote.
 */
function distrust() {
  const event = env.GITHUB_EVENT_NAME ?? "";
  // For these two, GitHub treats Dependabot as a fork. On a schedule the actor is whoever changed the workflow last.
  const isOfDependabot = env.GITHUB_ACTOR === "dependabot[bot]" && ["push", "pull_request"].includes(event);
  if (isOfDependabot) return "This run was started by Dependabot, and has no access to the API key.";
  if (event === "pull_request")
    return isOfThisRepository()
      ? undefined
      : "This pull request comes from a fork, and has no access to the API key.";
  if (["push", "schedule", "workflow_dispatch", "merge_group", "release"].includes(event)) return undefined;
  const name = /^\w{1,50}$/.test(event) ? `\`${event}\`` : "that started this run";
  return `The event ${name} is not trusted with the API key: others than those who may write to the repository can start it, or decide what it runs on.`;
}

function isOfThisRepository() {
  const { pull_request: pull } = existsSync(env.GITHUB_EVENT_PATH ?? "") ? json(env.GITHUB_EVENT_PATH) : {};
  const from = pull?.head?.repo?.full_name;
  return typeof from === "string" && from !== "" && from === env.GITHUB_REPOSITORY;
}

async function offline(reason) {
  if (command === "apply") {
    summarise(`⛔ **Nothing was applied.** ${reason}`);
    return fail(`nothing was applied. ${reason}`);
  }
  if (command !== "validate") summarise(`ℹ️ **Checked offline only.** ${reason} No ${command} was made.`);
  await validate();
}

async function validate() {
  const check = await checked();
  if (check.code === 0) summarise("✅ The manifests are valid.");
  finish(check.code);
}

/** Offline, with the mistakes marked in the pull request. Paths in annotations start at the root of the repository. */
async function checked() {
  const cwd = env.GITHUB_WORKSPACE ?? here;
  const path = relative(cwd, project) || ".";
  const args = ["validate", path, ...environment, "--format", "github"];
  const check = await rollcall(args, { cwd, speaksToRunner: true });
  if (check.code !== 0 && check.stderr === "")
    summarise("❌ **The manifests have mistakes.** They are marked where they stand.");
  else if (check.code !== 0) explain("validate", check);
  return check;
}

async function plan() {
  if (mayAdopt()) return refuse(NO_ADOPTION);
  const check = await checked();
  if (check.code !== 0) return finish(check.code);
  const forms = ["--report", `markdown=${file("plan.md")}`, "--report", `html=${file("plan.html")}`];
  const saved = ["--out", file("plan.json"), "--detailed-exitcode"];
  const kept = rules()
    .filter((rule) => rule.startsWith("refuse="))
    .map((rule) => `on-conflict=${rule}`);
  const chosen = [...choices(), ...kept].map((choice) => `--${choice}`);
  const ended = await rollcall(["plan", project, ...environment, ...chosen, ...saved, ...forms, ...more]);
  if (existsSync(file("plan.json"))) {
    const { x_rollcall: about } = json(file("plan.json"));
    output("plan-file", file("plan.json"));
    output("plan-id", about.planId);
    output("changes", countOf(about.steps.filter(({ action }) => action !== "refresh-state")));
  }
  report("plan.md", ended);
}

/** What the job chooses for its plan, by the names of the options; and all that a plan may have chosen to be applied. */
function choices() {
  return [
    ...(isOn("PRUNE") ? ["prune"] : []),
    ...rules()
      .filter((rule) => rule !== "refuse" && !rule.startsWith("refuse="))
      .map((rule) => `on-conflict=${rule}`),
    ...(isOn("ALLOW_MASS_CHANGE") ? ["allow-mass-change"] : []),
    ...(isOn("ALLOW_PENDING_EVENTS") ? ["allow-pending-events"] : []),
    ...(isOn("DESTROY") ? ["destroy"] : []),
    ...(isOn("ADOPT") ? ["adopt"] : []),
  ];
}

/** What is to be done about conflicts: one rule a line. */
function rules() {
  return input("ON_CONFLICT")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Some conflicts are to be settled by writing the live value into a manifest. */
function mayAdopt() {
  return rules().some((rule) => /^adopt(?:=|$)/.test(rule));
}

async function apply() {
  if (mayAdopt()) return refuse(NO_ADOPTION);
  const { INPUT_PLAN_FILE: path = "", INPUT_MISSING_PLAN: missing = "" } = env;
  if (path === "")
    return refuse(`There is no reviewed plan: ${missing || "none was found"}. Nothing was applied.`);
  const saved = resolve(here, path);
  if (!existsSync(saved)) return refuse("The file of the plan is not there. Nothing was applied.");
  const planId = planIdOf(saved);
  if (planId !== undefined) output("plan-id", planId);
  const forms = ["--report", `markdown=${file("apply.md")}`, "--report", `json=${file("apply.json")}`];
  const lenient = isOn("ALLOW_EQUIVALENT") ? ["--allow-equivalent"] : [];
  const meant = input("PLAN_ID") === "" ? [] : ["--plan-id", input("PLAN_ID")];
  const accepted = choices().join(",") || "none";
  const expected = ["--accept", accepted, ...meant];
  const args = ["apply", saved, ...environment, ...expected, ...lenient, ...forms, ...more];
  const ended = await rollcall(args, { cwd: project });
  output("changes", existsSync(file("apply.json")) ? countOf(json(file("apply.json")).applied ?? []) : 0);
  if (ended.code === 4) summarise("⛔ **Refused: nothing was applied.**");
  report("apply.md", ended);
}

async function drift() {
  const forms = ["--report", `markdown=${file("drift.md")}`, "--report", `json=${file("drift.json")}`];
  const propose = isOn("PROPOSE") ? ["--propose"] : [];
  const ended = await rollcall(["drift", project, ...environment, ...propose, ...forms, ...more]);
  if (existsSync(file("drift.json"))) {
    const { drifted, x_rollcall: found } = json(file("drift.json"));
    output("changes", drifted ? countOf([...found.drift, ...found.noBaseline]) : 0);
  }
  report("drift.md", ended);
}

function countOf(list) {
  return new Set(list.map(({ address }) => address)).size;
}

function planIdOf(path) {
  try {
    return /^[0-9a-f]{64}$/.exec(json(path).x_rollcall.planId)?.[0];
  } catch {
    // What is wrong with the file, Rollcall says.
    return undefined;
  }
}

function json(path) {
  const status = statSync(path);
  if (!status.isFile() || status.size > LARGEST) throw new Error(`${path} is not a file, or is too large`);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What it prints goes to the log. Texts of prompts are in it, so the runner is told not to take any for commands. */
async function rollcall(args, { cwd = here, speaksToRunner = false } = {}) {
  const token = randomUUID();
  if (!speaksToRunner) process.stdout.write(`::stop-commands::${token}\n`);
  // In a container the checkout belongs to another user; which project is meant, the inputs say.
  const trusted = [env.ROLLCALL_TRUSTED_FOLDERS ?? "", project].join(delimiter);
  const child = spawn(env.ROLLCALL, [...args, "--no-color"], {
    cwd,
    env: { ...env, ROLLCALL_TRUSTED_FOLDERS: trusted },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stdout.on("data", (chunk) => process.stdout.write(chunk));
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    // In the order in which it came, so that none of it arrives after the runner listens again.
    (speaksToRunner ? process.stderr : process.stdout).write(chunk);
  });
  const code = await new Promise((done) => {
    child.on("error", (error) => {
      stderr += error.message;
      done(1);
    });
    child.on("close", (status) => done(status ?? 1));
  });
  if (!speaksToRunner) process.stdout.write(`\n::${token}::\n`);
  return { code, stderr: stderr.trim() };
}

/** The report for the summary, and for the steps after this one; where there is none, why. */
function report(name, ended) {
  if (existsSync(file(name))) {
    output("report", file(name));
    summarise(readFileSync(file(name), "utf8"));
  } else explain(command, ended);
  finish(ended.code);
}

/** Code by its margin: there is no fence to break out of. Markdown ends a line at a carriage return, too. */
function explain(what, { code, stderr }) {
  const lines = stderr
    .split(/\r\n?|\n/)
    .slice(-60)
    .map((line) => `    ${line}`);
  summarise(`❌ **\`rollcall ${what}\` ended with exit code ${code}.**\n\n${lines.join("\n")}`);
}

function refuse(text) {
  summarise(`⛔ **${inMarkdown(text)}**`);
  markError(text);
  finish(4);
}

function fail(text) {
  markError(text);
  finish(1);
}

/** A command to the runner that holds none but itself. */
function markError(text) {
  const data = text
    .replaceAll("##[", "\\u0023#[")
    .replaceAll("%", "%25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
  process.stdout.write(`::error title=Rollcall::${data}\n`);
}

/** What is not plainly a word is no markup, link or mention. */
function inMarkdown(text) {
  return text.replaceAll(/[^\p{L}\p{N} .,:;()-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function finish(code) {
  output("exit-code", code);
}

function output(name, value) {
  const line = String(value);
  if (line.includes("\n")) throw new Error(`${name} has more than one line`);
  appendFileSync(env.GITHUB_OUTPUT, `${name}=${line}\n`);
}

function summarise(text) {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${text.trimEnd()}\n\n`);
}

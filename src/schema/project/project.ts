import { DEFAULT_ENVIRONMENT } from "../../model/environment.ts";
import {
  isList,
  isObject,
  membersOf,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { LedgerChoice } from "../../model/ledger.ts";
import { isLoopback } from "../../model/loopback.ts";
import { projectSchema } from "../check/project-schema.ts";
import { member, nodeAt, textOf, textsIn, toJson, type Node } from "../../model/node.ts";
import { rangeOf, type Place } from "../../model/source.ts";
import {
  DEFAULT_API_KEY_VARIABLE,
  type EnvironmentSettings,
  type ProjectSettings,
} from "../diagnostics/settings.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { validateShape, type Validators } from "../check/validate.ts";
import { shown } from "../diagnostics/shown.ts";
import { didYouMean } from "../../model/suggest.ts";
import { urlProblem } from "../../model/url.ts";
import { checkVariableForms } from "../check/written-form.ts";

/** `rollcall.yaml`, or the defaults if there is no such file. */
export interface Project {
  readonly name: string;
  readonly node?: Node;
  readonly value: JsonObject;
  readonly environments: readonly string[];
}

export function projectOf(
  document: Node | undefined,
  fallbackName: string,
  validators: Validators,
  report: ReportFinding,
): Project {
  if (document === undefined) return { name: fallbackName, value: {}, environments: [DEFAULT_ENVIRONMENT] };
  const subject = { node: document, value: toJson(document), schema: projectSchema, label: "Project" };
  validateShape("Project", subject, validators, report);
  checkBaseUrls(document, report);
  checkLedgerAddresses(document, report);
  checkSubstitutions(document, report);
  checkVariableForms(document, projectSchema, report);
  reportSharedLedger(document, subject.value, report);
  const name = property(property(subject.value, "metadata"), "name");
  const declared = property(property(subject.value, "spec"), "environments");
  return {
    name: typeof name === "string" ? name : fallbackName,
    node: document,
    value: membersOf(subject.value),
    environments: isObject(declared) ? Object.keys(declared) : [DEFAULT_ENVIRONMENT],
  };
}

/** A key must not travel in clear. */
function checkBaseUrls(document: Node, report: ReportFinding): void {
  const environments = nodeAt(document, ["spec", "environments"]);
  if (environments?.type !== "map") return;
  for (const { value } of environments.members.values()) {
    const node = member(value, "baseUrl");
    const text = textOf(node);
    if (node === undefined || text === undefined || !/^https?:/.test(text)) continue;
    const problem = urlProblem(text, ["https", "http"]);
    if (problem !== undefined) {
      const message = `baseUrl: ${shown(text)} ${problem.message}`;
      report({ code: "RC4011", message, at: node, hint: problem.hint });
    } else if (/^http:/i.test(text) && !isLoopback(new URL(text).hostname)) {
      report({
        code: "RC4011",
        message: "baseUrl: plain http is for this machine only",
        at: node,
        hint: "write https://",
      });
    }
  }
}

/** Where ledgers are kept, of the project and of its environments. */
function checkLedgerAddresses(document: Node, report: ReportFinding): void {
  for (const { node, text, path } of textsIn(document)) {
    if (path.at(-2) !== "ledger" || !LEDGER_URLS.has(path.at(-1) ?? "") || !/^https?:/.test(text)) continue;
    const problem = urlProblem(text, ["https", "http"]);
    if (problem === undefined) continue;
    const message = `${path.at(-1) ?? ""}: ${shown(text)} ${problem.message}`;
    report({ code: "RC4011", message, at: node, hint: problem.hint });
  }
}

const LEDGER_URLS: ReadonlySet<string> = new Set(["address", "lockAddress", "unlockAddress"]);

/** Variables are filled in below the `spec` of manifests, and in what is put there from here. */
function checkSubstitutions(document: Node, report: ReportFinding): void {
  for (const { node, text, path } of textsIn(document)) {
    const [spec, first, , third] = path;
    const intoManifests =
      spec === "spec" && (first === "tags" || first === "vars" || third === "patches" || third === "vars");
    if (!intoManifests && text.includes("${var.")) {
      report({ code: "RC4006", message: "variables are not substituted here", at: node });
    }
  }
}

/** Where several environments share one place, one of them could prune what another owns. */
function reportSharedLedger(document: Node, project: Json, report: ReportFinding): void {
  const spec = property(project, "spec");
  const ledger = property(spec, "ledger");
  const environments = property(spec, "environments");
  const isOnePlace = property(ledger, "address") !== undefined || property(ledger, "ref") !== undefined;
  if (!isOnePlace || !isObject(environments)) return;
  const sharing = Object.keys(environments).filter(
    (name) => property(environments[name], "ledger") === undefined,
  );
  if (sharing.length < 2) return;
  report({
    code: "RC4013",
    message: `${sharing.join(" and ")} would share one ledger`,
    at: nodeAt(document, ["spec", "ledger"]),
    hint: "give each environment its own `ledger`, or leave out `ref`: the default has the environment in its name",
  });
}

/** The environment that was asked for, or `undefined` with a finding. */
export function chosenEnvironment(
  { environments, node }: Project,
  asked: string | undefined,
  report: ReportFinding,
): string | undefined {
  const at: Place | undefined = node === undefined ? undefined : environmentsKey(node);
  if (asked === undefined) {
    if (environments.length === 1) return environments[0];
    const hint = `choose one with --env: ${environments.join(", ")}`;
    report({ code: "RC4002", message: `the project has ${environments.length} environments`, at, hint });
    return undefined;
  }
  if (environments.includes(asked)) return asked;
  const hint =
    node === undefined
      ? "environments are declared in rollcall.yaml"
      : (didYouMean(asked, environments) ?? `environments: ${environments.join(", ")}`);
  report({ code: "RC4001", message: `unknown environment "${asked}"`, at, hint });
  return undefined;
}

function environmentsKey(node: Node): Place | undefined {
  const spec = member(node, "spec");
  return spec?.type === "map" ? spec.members.get("environments")?.key : undefined;
}

export function settingsOf(project: Project, environment: string | undefined): ProjectSettings {
  const spec = property(project.value, "spec");
  const tags = property(spec, "tags");
  const allowed = property(tags, "allowed");
  const own = property(environmentValue(project, environment), "ledger");
  const ledger = own ?? property(spec, "ledger");
  const path = own === undefined ? ["spec", "ledger"] : ["spec", "environments", environment ?? "", "ledger"];
  const node = project.node && isObject(ledger) ? nodeAt(project.node, path) : undefined;
  return {
    // Its shape has been checked; a project with errors is not used.
    ledger: isObject(ledger) ? (ledger as LedgerChoice & JsonObject) : { backend: "file" },
    ...(node !== undefined && { ledgerAt: rangeOf(member(node, "remote") ?? node) }),
    tags: {
      common: stringsIn(property(tags, "common")),
      ...(isObject(allowed) && { allowed: descriptions(allowed) }),
    },
    manifests: isList(property(spec, "manifests")) ? stringsIn(property(spec, "manifests")) : ["."],
  };
}

export function environmentOf(project: Project, name: string | undefined): EnvironmentSettings {
  const value = environmentValue(project, name);
  const variable = property(property(value, "apiKey"), "env");
  const baseUrl = property(value, "baseUrl");
  return {
    name: name ?? DEFAULT_ENVIRONMENT,
    apiKeyVariable: typeof variable === "string" ? variable : DEFAULT_API_KEY_VARIABLE,
    ...(typeof baseUrl === "string" && { baseUrl }),
    protect: property(value, "protect") === true,
    observe: property(value, "observe") === true,
  };
}

function environmentValue(project: Project, name: string | undefined): Json | undefined {
  return name === undefined
    ? undefined
    : property(property(property(project.value, "spec"), "environments"), name);
}

/** The patches of an environment, as nodes. */
export function patchesOf({ node, value }: Project, environment: string | undefined): readonly Node[] {
  if (node === undefined || environment === undefined || property(value, "spec") === undefined) return [];
  const patches = nodeAt(node, ["spec", "environments", environment, "patches"]);
  return patches?.type === "list" ? patches.items : [];
}

export function commonTags({ node, value }: Project): readonly Node[] {
  if (node === undefined || property(value, "spec") === undefined) return [];
  const list = nodeAt(node, ["spec", "tags", "common"]);
  return list?.type === "list" ? list.items : [];
}

function descriptions(value: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(value).map(([tag, text]) => [tag, typeof text === "string" ? text : ""]),
  );
}

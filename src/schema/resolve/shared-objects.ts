import type { Address } from "../../model/address.ts";
import { API_URL } from "../../model/api-url.ts";
import { nameKey } from "../../model/name.ts";
import { segments } from "../../model/pointer.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { isObservedIn, type Manifest } from "../project/manifest.ts";
import { nodeAt, textOf, type Node, type ScalarNode } from "../../model/node.ts";
import { manifestsIn } from "./existence.ts";
import { environmentOf, type Project } from "../project/project.ts";
import { variablesOf, type VariableSources } from "../project/project-variables.ts";
import type { ProjectText } from "../project/read-project.ts";
import type { EnvironmentSettings } from "../diagnostics/settings.ts";
import { listed } from "../../model/suggest.ts";
import { rangeOf, type Place } from "../../model/source.ts";
import { substitute, type Variables } from "../project/variables.ts";
import { rangeLine } from "../../model/diagnostic.ts";

/** One live object as one environment sees it. */
interface Claim {
  readonly address: Address;
  readonly at: Place;
}

/**
 * RC3037: two environments of one account that would manage the same objects. Variables that were given for this run are
 * those of the chosen environment; what others will be given is not known, and a name that depends on it is left out.
 */
export function reportSharedObjects(text: ProjectText, chosen: VariableSources, report: ReportFinding): void {
  const { project } = text;
  for (const names of accountsOf(project, chosen)) {
    const claims = new Map(names.map((name) => [name, claimsOf(text, sourcesOf(name, chosen))]));
    for (const [index, first] of names.entries()) {
      for (const second of names.slice(index + 1)) {
        const [known, other] = [claims.get(first), claims.get(second)];
        if (known !== undefined && other !== undefined)
          reportPair(project, [first, second], sharedBy(known, other), report);
      }
    }
  }
}

/** Groups of environments with the same key variable and the same base URL. */
function accountsOf(project: Project, { env }: VariableSources): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const name of project.environments.filter((one) => hasReadableKey(project, one))) {
    const environment = environmentOf(project, name);
    const key = `${environment.apiKeyVariable} ${baseUrlOf(environment, env)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** What is wrong with an `apiKey` is said elsewhere. */
function hasReadableKey({ node }: Project, name: string): boolean {
  const key = node === undefined ? undefined : nodeAt(node, ["spec", "environments", name, "apiKey"]);
  return key === undefined || textOf(nodeAt(key, ["env"])) !== undefined;
}

/** Whether two environments send their requests to the same place. */
export function isSameApi(
  one: EnvironmentSettings,
  other: EnvironmentSettings,
  env: VariableSources["env"],
): boolean {
  return baseUrlOf(one, env) === baseUrlOf(other, env);
}

/** URLs that differ in form only are one. */
function baseUrlOf({ baseUrl }: EnvironmentSettings, env: VariableSources["env"]): string {
  const text = env["TELNYX_BASE_URL"] || baseUrl || API_URL;
  const url = URL.canParse(text) ? new URL(text).href : text;
  return url.replace(/\/+$/, "");
}

function sourcesOf(environment: string, chosen: VariableSources): VariableSources {
  return environment === chosen.environment ? chosen : { environment, given: {}, env: {} };
}

/** What an environment manages, by what tells live objects apart. What is observed may be managed elsewhere. */
function claimsOf(text: ProjectText, sources: VariableSources): ReadonlyMap<string, Claim> {
  if (environmentOf(text.project, sources.environment).observe) return new Map();
  const silent: ReportFinding = () => undefined;
  const variables = variablesOf(text.project, sources, silent);
  return new Map(
    manifestsIn(text, sources.environment, silent)
      .here.filter(({ root }) => !isObservedIn(root))
      .flatMap((manifest) => {
        const claim = claimOf(manifest, variables);
        return claim === undefined ? [] : [[claim.key, { address: manifest.address, at: claim.at }] as const];
      }),
  );
}

/** What lives under another resource of the project is as shared as that one is. */
function claimOf(
  manifest: Manifest,
  variables: Variables,
): { readonly key: string; readonly at: Place } | undefined {
  const { kind, root } = manifest;
  const imported = nodeAt(root, ["lifecycle", "import"]);
  const id = imported === undefined ? undefined : filledIn(imported, variables);
  if (imported !== undefined)
    return id === undefined ? undefined : { key: JSON.stringify([kind.kind, "id", id]), at: imported };
  const { parent, singleton } = kind.identity;
  const under = parent === undefined ? undefined : nodeAt(root, ["spec", ...segments(parent)]);
  const owner = under === undefined ? undefined : filledIn(under, variables);
  if (parent !== undefined && owner === undefined) return undefined;
  const named = singleton === true ? undefined : nameIn(manifest, variables);
  if (singleton !== true && named === undefined) return undefined;
  const key = JSON.stringify([kind.kind, owner ?? "", nameKey(named?.text ?? "")]);
  return { key, at: named?.at ?? manifest.at };
}

function nameIn(
  { kind, name, root, at }: Manifest,
  variables: Variables,
): { readonly text: string; readonly at: Place } | undefined {
  const path = kind.identity.name;
  const node = path === undefined ? undefined : nodeAt(root, ["spec", ...segments(path)]);
  if (node === undefined) return { text: name, at };
  const text = filledIn(node, variables);
  return text === undefined ? undefined : { text, at: node };
}

/** The text of a node; `undefined` where a variable in it has no value. */
function filledIn(node: Node, variables: Variables): string | undefined {
  const text = textOf(node);
  if (text === undefined) return undefined;
  let isKnown = variables.incomplete !== true;
  const filled = substitute(node as ScalarNode, text, variables, () => (isKnown = false));
  return isKnown ? filled : undefined;
}

interface Shared {
  readonly first: Claim;
  readonly second: Claim;
}

function sharedBy(first: ReadonlyMap<string, Claim>, second: ReadonlyMap<string, Claim>): readonly Shared[] {
  return [...first].flatMap(([key, claim]) => {
    const other = second.get(key);
    return other === undefined ? [] : [{ first: claim, second: other }];
  });
}

function reportPair(
  project: Project,
  [first, second]: readonly [string, string],
  shared: readonly Shared[],
  report: ReportFinding,
): void {
  const [one] = shared;
  if (one === undefined) return;
  const { apiKeyVariable } = environmentOf(project, second);
  const places = new Set([one.first.at, one.second.at].map((at) => rangeLine(rangeOf(at))));
  const objects = listed(shared.map(({ second: { address } }) => address));
  report({
    code: "RC3037",
    message: `environments ${first} and ${second} would manage the same objects with the key in ${apiKeyVariable}: ${objects}`,
    at: environmentAt(project, second),
    hint: `give each environment its own apiKey, or its own remote name by a variable or a patch: see ${[...places].join(" and ")}`,
  });
}

function environmentAt({ node }: Project, name: string): Place | undefined {
  const environments = node === undefined ? undefined : nodeAt(node, ["spec", "environments"]);
  return environments?.type === "map" ? environments.members.get(name)?.key : undefined;
}

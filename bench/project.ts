import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROMPT = "You answer calls for a workshop. Be brief, be kind, and never promise a date.\n".repeat(40);

/** What the manifest number `index` of a project says. */
export function assistant(index: number): Readonly<Record<string, unknown>> {
  return {
    name: `assistant-${index}`,
    model: "moonshotai/Kimi-K2.6",
    instructions: `${PROMPT}Your number is ${index}.`,
    greeting: `Hello, this is number ${index}.`,
  };
}

function test(index: number): Readonly<Record<string, unknown>> {
  return {
    name: `test-${index}`,
    destination: "+15550100000",
    instructions: "Ask for the opening hours.",
    rubric: [{ name: "kind", criteria: "It is kind." }],
  };
}

function mcpServer(index: number): Readonly<Record<string, unknown>> {
  return { name: `mcp-${index}`, type: "http", url: `https://mcp-${index}.example` };
}

function version(index: number): Readonly<Record<string, unknown>> {
  return {
    assistant: { ref: `Assistant/n-${index}` },
    version_name: "Warmer",
    changes: { greeting: `Good day, this is number ${index}.` },
  };
}

function canary(index: number): Readonly<Record<string, unknown>> {
  const serve = { rollout: [{ version_id: { ref: `AssistantVersion/n-${index}` }, weight: 10 }] };
  return { assistant: { ref: `Assistant/n-${index}` }, rules: [{ serve }] };
}

const SPECS = {
  Assistant: assistant,
  AssistantTest: test,
  McpServer: mcpServer,
  AssistantVersion: version,
  CanaryDeploy: canary,
} as const;

export type Counts = Readonly<Partial<Record<keyof typeof SPECS, number>>>;

/** Writes a project of so many resources of each kind, one a file. JSON is YAML, too. */
export async function writeProject(counts: Counts): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  await writeFile(
    join(folder, "rollcall.yaml"),
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: bench }\nspec: { manifests: [manifests] }\n",
  );
  await mkdir(join(folder, "manifests"));
  for (const [kind, count] of Object.entries(counts)) {
    const spec = SPECS[kind as keyof Counts];
    for (let index = 0; index < count; index += 1)
      await writeFile(join(folder, "manifests", `${kind}-${index}.yaml`), manifest(kind, index, spec(index)));
  }
  return folder;
}

/** With the prompt as a block of lines, as people write it. */
function manifest(kind: string, index: number, spec: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(spec).map(([key, value]) =>
    typeof value === "string" && value.includes("\n")
      ? `  ${key}: |-\n${value.replaceAll(/^/gm, "    ")}`
      : `  ${key}: ${JSON.stringify(value)}`,
  );
  return `apiVersion: rollcall.dev/v1\nkind: ${kind}\nmetadata: { name: n-${index} }\nspec:\n${lines.join("\n")}\n`;
}

/** The ledger is gone, as before the first apply. */
export function forgetLedger(project: string): Promise<void> {
  return rm(join(project, ".rollcall"), { recursive: true, force: true });
}

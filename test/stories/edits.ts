import { assistant, canary, type Manifest, probe, server, tool, version } from "./manifests.ts";
import type { Moment } from "./story.ts";

/** One step at a time, so that the nth request is always the same one. */
export const APPLY = ["apply", "--yes", "--parallelism=1"] as const;

export const CREATION = {
  Assistant: { method: "POST", path: /^\/ai\/assistants$/ },
  Tool: { method: "POST", path: /^\/ai\/tools$/ },
  McpServer: { method: "POST", path: /^\/ai\/mcp_servers$/ },
  AssistantTest: { method: "POST", path: /^\/ai\/assistants\/tests$/ },
  CanaryDeploy: { method: "POST", path: /\/canary-deploys$/ },
} as const;

/** The update of an assistant's body; a version comes into being by the same request. */
export const BODY = { method: "POST", path: /^\/ai\/assistants\/[^/]+$/ } as const;
export const ADDED_TAG = { method: "POST", path: /\/tags$/ } as const;
export const REMOVED_TAG = { method: "DELETE", path: /\/tags\/[^/]+$/ } as const;

export type Value = "one" | "two" | "three";

/** A field that is edited, and the one request that writes it. */
export interface Edit {
  readonly field: string;
  readonly manifests: (value: Value) => readonly Manifest[];
  readonly write: Omit<Moment, "side">;
}

const WEIGHTS = { one: 10, two: 20, three: 30 } as const;

export const EDITS: readonly Edit[] = [
  {
    field: "the greeting of an assistant",
    manifests: (greeting) => [assistant("front", { greeting })],
    write: BODY,
  },
  {
    field: "a field without an empty value",
    manifests: (instructions) => [assistant("front", { instructions })],
    write: BODY,
  },
  {
    field: "a member of a block of which others are not declared",
    manifests: (voice) => [assistant("front", { voice_settings: { voice } })],
    write: BODY,
  },
  {
    field: "a dynamic variable",
    manifests: (name) => [assistant("front", { dynamic_variables: { name, other: "same" } })],
    write: BODY,
  },
  {
    field: "a member of an inline tool",
    manifests: (description) => [assistant("front", { tools: [{ type: "hangup", hangup: { description } }] })],
    write: BODY,
  },
  {
    field: "a member of a shared tool",
    manifests: (value) => [tool("ticket", { url: `https://${value}.example` })],
    write: { method: "PATCH", path: /^\/ai\/tools\// },
  },
  {
    field: "the url of an MCP server",
    manifests: (value) => [server("crm", { url: `https://${value}.example` })],
    write: { method: "PUT", path: /^\/ai\/mcp_servers\// },
  },
  {
    field: "the set of an MCP server",
    manifests: (value) => [server("crm", { allowed_tools: ["same", value] })],
    write: { method: "PUT", path: /^\/ai\/mcp_servers\// },
  },
  {
    field: "a criterion of a test",
    manifests: (criteria) => [probe("greets", { rubric: [{ name: "Kind", criteria }] })],
    write: { method: "PUT", path: /^\/ai\/assistants\/tests\// },
  },
  {
    field: "a change of a version",
    manifests: (greeting) => [assistant("front"), version("trial", "front", { greeting })],
    write: { method: "POST", path: /\/versions\/[^/]+$/ },
  },
  {
    field: "the weight of a canary",
    manifests: (value) => [
      assistant("front"),
      version("trial", "front"),
      canary("share", "front", "trial", WEIGHTS[value]),
    ],
    write: { method: "PUT", path: /\/canary-deploys$/ },
  },
];

import type { Json, JsonObject } from "../../src/model/json.ts";

/** A place at which a value of an assistant can stand. */
export interface ValuePlace {
  /** The `spec` of the manifest, as YAML. */
  readonly spec: string;
  /** Patches of staging, as JSON; the target is added. */
  readonly patches?: readonly JsonObject[];
  /** Texts of files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What somebody changes in the portal. */
  readonly edit: (main: JsonObject) => JsonObject;
  /** A change of the same value in Git, which makes it a conflict: in every file that has the text. */
  readonly conflict?: readonly [string, string];
  /** The value stands in a patch of staging already, or in a file that only such a patch names. */
  readonly isOwn?: true;
  /** What staging is to declare afterwards, as written. */
  readonly written?: string;
}

const tool = (name: string, url: string): JsonObject => ({
  type: "webhook",
  webhook: { name, description: `Does ${name}.`, url: `https://acme.example/${url}` },
});
const yaml = (value: Json) => JSON.stringify(value);
const withTools = (...tools: readonly JsonObject[]) => `tools: ${yaml(tools)}\n`;
const tools = (main: JsonObject) => main["tools"] as readonly JsonObject[];
const transfer = (targets: readonly JsonObject[]) =>
  withTools({ type: "transfer", transfer: { from: "+15550100007", targets } });
const LONG = "Be kind.\nAsk one question at a time.\nSay goodbye.";

export const PLACES: Readonly<Record<string, ValuePlace>> = {
  base: {
    spec: "greeting: Hi # first\n",
    edit: () => ({ greeting: "Hello" }),
    conflict: ["greeting: Hi", "greeting: Howdy"],
  },
  variable: {
    spec: 'greeting: "Hi from ${var.company}, welcome."\n',
    edit: () => ({ greeting: "Hello from Acme of staging, welcome." }),
    conflict: ["Hi from", "Howdy from"],
    written: "Hello from ${var.company}, welcome.",
  },
  "variable-in-list": {
    spec: 'enabled_features: [telephony]\ndynamic_variables: { company: "${var.company}", day: today }\n',
    edit: () => ({ dynamic_variables: { company: "Acme of staging", day: "tomorrow" } }),
    conflict: ["day: today", "day: never"],
  },
  nested: {
    spec: "telephony_settings:\n  time_limit_secs: 600 # ten minutes\n  user_idle_reply_secs: 20\n",
    edit: () => ({ telephony_settings: { time_limit_secs: 300 } }),
    conflict: ["time_limit_secs: 600", "time_limit_secs: 900"],
  },
  patch: {
    spec: "greeting: Hi\n",
    patches: [{ patch: { spec: { greeting: "Hi, staging" } } }],
    edit: () => ({ greeting: "Hello" }),
    conflict: ["Hi, staging", "Howdy"],
    isOwn: true,
  },
  "patch-by-path": {
    spec: "greeting: Hi\n",
    patches: [{ path: "/spec/greeting", value: "Hi, staging" }],
    edit: () => ({ greeting: "Hello" }),
    conflict: ["Hi, staging", "Howdy"],
    isOwn: true,
  },
  "patch-with-variable": {
    spec: "greeting: Hi\n",
    patches: [{ patch: { spec: { greeting: "Hi from ${var.company}." } } }],
    edit: () => ({ greeting: "Hello from Acme of staging." }),
    conflict: ["Hi from", "Howdy from"],
    isOwn: true,
    written: "Hello from ${var.company}.",
  },
  include: {
    spec: "instructions: { file: ../prompts/include.md }\n",
    files: { "prompts/include.md": `${LONG}\n` },
    edit: () => ({ instructions: LONG.replace("one question", "two questions") }),
    conflict: ["one question at a time.\nSay", "no question.\nSay"],
  },
  "include-with-variables": {
    spec: "instructions: { file: ../prompts/include-with-variables.md, vars: true }\n",
    files: { "prompts/include-with-variables.md": `You work at \${var.company}.\n${LONG}\n` },
    edit: () => ({
      instructions: `You work at Acme of staging.\n${LONG.replace("one question", "two questions")}`,
    }),
    conflict: ["${var.company}.\nBe kind.", "${var.company}.\nBe brief."],
    written: "You work at ${var.company}.\nBe kind.\nAsk two questions at a time.\nSay goodbye.\n",
  },
  "file-of-others": {
    spec: "instructions: { file: ../prompts/other.md }\n",
    edit: () => ({ instructions: "Be here." }),
    conflict: ["instructions: { file: ../prompts/other.md }", "instructions: Be where."],
  },
  "patch-file": {
    spec: "instructions: { file: ../prompts/patch-file.md }\n",
    patches: [{ patch: { spec: { instructions: { file: "prompts/own.staging.md" } } } }],
    files: { "prompts/patch-file.md": "Base.\n", "prompts/own.staging.md": "Of staging.\n" },
    edit: () => ({ instructions: "Live." }),
    conflict: ["Of staging.", "Declared."],
    isOwn: true,
  },
  "patch-file-with-variables": {
    spec: "instructions: { file: ../prompts/patch-file.md }\n",
    patches: [{ path: "/spec/instructions", value: { file: "prompts/filled.staging.md", vars: true } }],
    files: {
      "prompts/patch-file.md": "Base.\n",
      "prompts/filled.staging.md": "Of ${var.company}.\nBe kind.\n",
    },
    edit: () => ({ instructions: "Of Acme of staging.\nBe quick." }),
    conflict: ["Of ${var.company}.\nBe kind.", "Of ${var.company}.\nBe brief."],
    isOwn: true,
    written: "Of ${var.company}.\nBe quick.\n",
  },
  "patch-file-over-variables": {
    spec: "instructions: { file: ../prompts/over.md, vars: true }\n",
    patches: [{ patch: { spec: { instructions: { file: "prompts/over.staging.md" } } } }],
    files: {
      "prompts/over.md": "Base of ${var.company}.\n",
      "prompts/over.staging.md": "Own of ${var.company}.\nBe kind.\n",
    },
    edit: () => ({ instructions: "Own of Acme of staging.\nBe quick." }),
    conflict: ["Own of ${var.company}.\nBe kind.", "Own of ${var.company}.\nBe brief."],
    isOwn: true,
    written: "Own of ${var.company}.\nBe quick.\n",
  },
  "file-that-gets-a-dollar": {
    spec: "instructions: { file: ../prompts/dollar.md, vars: true }\n",
    files: { "prompts/dollar.md": "It costs five.\n" },
    edit: () => ({ instructions: "It costs ${six}." }),
    conflict: ["It costs five.", "It costs four."],
  },
  "patch-file-without-variables": {
    spec: "instructions: { file: ../prompts/over.md, vars: true }\n",
    patches: [{ patch: { spec: { instructions: { file: "prompts/plain.staging.md", vars: false } } } }],
    files: {
      "prompts/over.md": "Base of ${var.company}.\n",
      "prompts/plain.staging.md": "It costs ${five}.\n",
    },
    edit: () => ({ instructions: "It costs ${six}." }),
    conflict: ["It costs ${five}.", "It costs ${four}."],
    isOwn: true,
    written: "It costs ${six}.\n",
  },
  element: {
    spec: withTools(tool("find", "find"), tool("book", "book")),
    edit: (main) => ({
      tools: tools(main).map((one) => JSON.parse(JSON.stringify(one).replace("/book", "/book2")) as JsonObject),
    }),
    conflict: ["acme.example/book", "acme.example/book3"],
  },
  "element-keyed-by-variable": {
    spec: transfer([
      { name: "Desk", to: "${var.line}" },
      { name: "Other", to: "+15550100009" },
    ]),
    edit: (main) => ({
      tools: tools(main).map(
        (one) => JSON.parse(JSON.stringify(one).replace("Desk", "Front desk")) as JsonObject,
      ),
    }),
    conflict: ['"Desk"', '"Back desk"'],
    written: "${var.line}",
  },
  "element-before-one-keyed-by-variable": {
    spec: transfer([
      { name: "First", to: "+15550100008" },
      { name: "Desk", to: "${var.line}" },
    ]),
    edit: (main) => ({
      tools: tools(main).map(
        (one) => JSON.parse(JSON.stringify(one).replace(/\{[^{}]*"First"[^{}]*\},/, "")) as JsonObject,
      ),
    }),
  },
  "element-added": {
    spec: withTools(tool("find", "find")),
    edit: (main) => ({ tools: [...tools(main), tool("try", "try?q=${x}")] }),
  },
  "element-removed": {
    spec: withTools(tool("find", "find"), tool("book", "removed")),
    edit: (main) => ({ tools: tools(main).slice(0, 1) }),
    conflict: ["acme.example/removed", "acme.example/changed"],
  },
  "elements-all-removed": {
    spec: withTools(tool("find", "find")),
    edit: () => ({ tools: [] }),
  },
  "element-of-patch": {
    spec: withTools(tool("find", "find")),
    patches: [{ patch: { spec: { tools: [tool("own", "own")] } } }],
    edit: (main) => ({
      tools: tools(main).map((one) => JSON.parse(JSON.stringify(one).replace("/own", "/own2")) as JsonObject),
    }),
    conflict: ["acme.example/own", "acme.example/own3"],
    isOwn: true,
  },
  "element-of-patch-removed": {
    spec: withTools(tool("find", "find")),
    patches: [{ patch: { spec: { tools: [tool("own", "own")] } } }],
    edit: (main) => ({ tools: tools(main).slice(0, 1) }),
    isOwn: true,
  },
  "element-restored": {
    spec: withTools(tool("find", "find"), tool("book", "book")),
    patches: [
      { patch: { spec: { tools: [{ type: "webhook", webhook: { name: "book" }, $patch: "delete" }] } } },
    ],
    edit: (main) => ({ tools: [...tools(main), tool("book", "again")] }),
    isOwn: true,
  },
  "value-restored": {
    spec: "description: Short\n",
    patches: [{ patch: { spec: { description: null } } }],
    edit: () => ({ description: "Again" }),
    isOwn: true,
  },
  "block-by-path": {
    spec: "greeting: Hi\n",
    patches: [{ path: "/spec/telephony_settings", value: { time_limit_secs: 300, user_idle_reply_secs: 20 } }],
    edit: () => ({ telephony_settings: { time_limit_secs: 240 } }),
    conflict: ['"time_limit_secs":300', '"time_limit_secs":360'],
    isOwn: true,
  },
  "list-by-path": {
    spec: "tags: [one]\n",
    patches: [{ path: "/spec/tags", value: ["two", "three"] }],
    edit: () => ({ tags: ["three", "ours"] }),
    isOwn: true,
  },
  "element-by-path": {
    spec: withTools(tool("find", "find")),
    patches: [{ path: "/spec/tools/-", value: tool("own", "added") }],
    edit: (main) => ({
      tools: tools(main).map((one) => JSON.parse(JSON.stringify(one).replace("/added", "/live")) as JsonObject),
    }),
    conflict: ["acme.example/added", "acme.example/more"],
    isOwn: true,
  },
  "element-by-path-removed": {
    spec: withTools(tool("find", "find")),
    patches: [{ path: "/spec/tools/-", value: tool("own", "added-too") }],
    edit: (main) => ({ tools: tools(main).slice(0, 1) }),
    isOwn: true,
  },
  "order-of-a-list": {
    spec: withTools(tool("find", "find"), tool("book", "book")),
    edit: (main) => ({ tools: [tool("try", "try"), ...tools(main).toReversed()] }),
  },
  set: {
    spec: "enabled_features: [telephony]\n",
    edit: () => ({ enabled_features: ["telephony", "messaging"] }),
  },
  tag: {
    spec: "tags: [one, two]\n",
    edit: () => ({ tags: ["two", "ours"] }),
  },
  "all-tags": {
    spec: "tags: [one]\n",
    edit: () => ({ tags: ["ours"] }),
  },
  removed: {
    spec: "description: Short # about it\n",
    edit: () => ({ description: null }),
    conflict: ["description: Short", "description: Long"],
  },
  "removed-member": {
    spec: "dynamic_variables: { name: Ann, day: today }\n",
    edit: () => ({ dynamic_variables: { day: null } }),
  },
  "removed-of-patch": {
    spec: "greeting: Hi\n",
    patches: [{ patch: { spec: { description: "Short" } } }],
    edit: () => ({ description: null }),
    isOwn: true,
  },
  "removed-of-patch-by-path": {
    spec: "greeting: Hi\n",
    patches: [{ path: "/spec/description", value: "Short" }],
    edit: () => ({ description: null }),
    isOwn: true,
  },
  "removed-where-patched": {
    spec: "description: Short\n",
    patches: [{ patch: { spec: { description: "Shorter" } } }],
    edit: () => ({ description: null }),
    isOwn: true,
  },
  "set-to-null-of-patch": {
    spec: "dynamic_variables: { name: Ann, day: today }\n",
    patches: [{ patch: { spec: { dynamic_variables: { day: null } } } }],
    edit: () => ({ dynamic_variables: { name: "Bob" } }),
    conflict: ["name: Ann", "name: Eve"],
  },
};

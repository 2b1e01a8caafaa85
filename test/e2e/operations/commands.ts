import type { Emulator } from "../../../src/providers/telnyx/emulator/emulator.ts";
import type { Names } from "./scene.ts";

/** What a person or a server would notice of a command, as a number. */
type Effect = (emulator: Emulator) => number;

/** How a command ends that cannot do what it was asked to. */
export interface End {
  readonly code: 1 | 3;
  /** In its error. */
  readonly says: RegExp;
}

/** A command line about the account of the scene. */
export interface Operation {
  /** Its subcommand, as the help names it. */
  readonly of: string;
  /** What is special about this one. */
  readonly how?: string;
  readonly words: (names: Names) => readonly string[];
  /** The option for JSON; absent where there is none. */
  readonly json?: readonly string[];
  /** The request that the command is about; absent where it sends none. */
  readonly request?: { readonly method: string; readonly path: RegExp };
  /** It does something that is not to be done twice, or without approval. */
  readonly effect?: Effect;
  /** How often, in one run; default: once. */
  readonly effects?: number;
  /** It asks. */
  readonly asks?: true;
  /** How it ends when the answer to its request is lost; default: it is repeated or looked up. */
  readonly lost?: End;
  /** How it ends when the API answers 404; default: with the error of the request. */
  readonly gone?: End;
  /** It shows what became of the attempt, also where that failed. */
  readonly reports?: true;
}

const CHAT = { method: "POST", path: /\/chat$/ } as const;
const ASSISTANT = /^\/ai\/assistants\/[^/]+$/;
const JSON_FORMAT = ["--format", "json"];
const front = "Assistant/front";
const numbers = ["--from", "+13125550100", "--to", "+13125550199"];

const messages: Effect = (emulator) =>
  emulator
    .state()
    .conversations.flatMap((one) => one.messages)
    .filter(({ role }) => role === "user").length;
const versions: Effect = (emulator) => emulator.state().assistants[0]?.versions.length ?? 0;
const assistants: Effect = (emulator) =>
  emulator.state().assistants.filter(({ deleted_at: deleted }) => deleted === null).length;
const events: Effect = (emulator) => emulator.state().scheduled_events.length;
const calls: Effect = (emulator) =>
  emulator
    .requests()
    .filter(({ path, status }) => /\/tools\/[^/]+\/test$/.test(path) && (status ?? 200) === 200).length;
const tags: Effect = (emulator) => {
  const value = emulator.state().assistants[0]?.main["tags"];
  return Array.isArray(value) ? value.length : 0;
};

export const OPERATIONS: readonly Operation[] = [
  {
    of: "chat",
    how: "-m",
    words: () => ["chat", front, "-m", "hello"],
    json: JSON_FORMAT,
    request: CHAT,
    effect: messages,
    lost: { code: 3, says: /the assistant may have received the message; it is not sent again/ },
    reports: true,
  },
  {
    of: "chat",
    how: "--stream",
    words: () => ["chat", front, "-m", "hello", "--stream"],
    json: JSON_FORMAT,
    request: CHAT,
    effect: messages,
    lost: { code: 3, says: /the assistant may have received the message; it is not sent again/ },
    reports: true,
  },
  {
    of: "chat",
    how: "--script",
    words: () => ["chat", front, "--script", "../smoke.yaml"],
    json: JSON_FORMAT,
    request: CHAT,
    effect: messages,
    lost: { code: 3, says: /the assistant may have received the message; it is not sent again/ },
    reports: true,
  },
  {
    of: "sms",
    words: () => ["sms", front, ...numbers, "--text", "Hello"],
    json: JSON_FORMAT,
    request: { method: "POST", path: /\/chat\/sms$/ },
    effect: (emulator) => emulator.state().sent.length,
    asks: true,
  },
  {
    of: "events list",
    words: () => ["events", "list", front],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/scheduled_events$/ },
  },
  {
    of: "events get",
    words: ({ event }) => ["events", "get", front, event],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/scheduled_events\/[^/]+$/ },
    gone: { code: 1, says: /Assistant\/front has no scheduled event/ },
  },
  {
    of: "events create",
    words: () => [
      "events",
      "create",
      front,
      "--channel",
      "phone_call",
      "--at",
      "2045-12-02T09:30Z",
      ...numbers,
    ],
    json: JSON_FORMAT,
    request: { method: "POST", path: /\/scheduled_events$/ },
    effect: events,
    asks: true,
  },
  {
    of: "events delete",
    words: ({ event }) => ["events", "delete", front, event],
    json: JSON_FORMAT,
    request: { method: "DELETE", path: /\/scheduled_events\/[^/]+$/ },
    gone: { code: 3, says: /the event may have been deleted: the API still shows it after its deletion/ },
    effect: events,
    asks: true,
  },
  {
    of: "tool test",
    words: () => ["tool", "test", "Tool/ticket", "--on", front],
    json: JSON_FORMAT,
    request: { method: "POST", path: /\/test$/ },
    effect: calls,
    asks: true,
    lost: { code: 3, says: /the webhook may have been called/ },
  },
  {
    of: "versions list",
    words: () => ["versions", "list", front],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/versions$/ },
  },
  {
    of: "versions show",
    words: () => ["versions", "show", front, "trial"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/versions$/ },
  },
  {
    of: "versions diff",
    words: () => ["versions", "diff", front, "--to", "trial"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/versions$/ },
  },
  {
    of: "versions delete",
    words: () => ["versions", "delete", front, "trial", "--all"],
    json: JSON_FORMAT,
    request: { method: "DELETE", path: /\/versions\/[^/]+$/ },
    gone: { code: 3, says: /the API still shows version \S+ after its deletion/ },
    effect: versions,
    asks: true,
  },
  {
    of: "versions prune",
    words: () => ["versions", "prune", front, "--keep", "0", "--all"],
    json: JSON_FORMAT,
    request: { method: "DELETE", path: /\/versions\/[^/]+$/ },
    gone: { code: 3, says: /the API still shows version \S+ after its deletion/ },
    effect: versions,
    asks: true,
  },
  {
    of: "test runs",
    words: () => ["test", "runs", "AssistantTest/hours"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/runs$/ },
  },
  {
    of: "test show",
    words: ({ run }) => ["test", "show", run, "--test", "AssistantTest/hours"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/runs\/[^/]+$/ },
    gone: { code: 1, says: /AssistantTest\/hours has no run/ },
  },
  {
    of: "test suites",
    words: () => ["test", "suites"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/test-suites$/ },
  },
  {
    of: "tags list",
    words: () => ["tags", "list"],
    json: JSON_FORMAT,
    request: { method: "GET", path: /\/tags$/ },
  },
  {
    of: "tags add",
    how: "--live",
    words: () => ["tags", "add", front, "campaign", "--live"],
    json: JSON_FORMAT,
    request: { method: "POST", path: /\/tags$/ },
    effect: tags,
  },
  {
    of: "tags remove",
    how: "--live",
    words: () => ["tags", "remove", "Night desk", "old", "--live"],
    json: JSON_FORMAT,
    request: { method: "DELETE", path: /\/tags\/[^/]+$/ },
    gone: { code: 3, says: /the API still shows old after the change/ },
    effect: (emulator) => {
      const value = emulator.state().assistants[1]?.main["tags"];
      return Array.isArray(value) ? value.length : 0;
    },
  },
  {
    of: "enhance",
    words: () => ["enhance", front],
    json: JSON_FORMAT,
    request: { method: "POST", path: /\/enhance$/ },
    lost: { code: 1, says: /\/enhance failed: .*\nhelp: / },
  },
  {
    of: "get",
    how: "table",
    words: () => ["get"],
    json: ["-o", "json"],
    request: { method: "GET", path: /^\/ai\/tools$/ },
  },
  {
    of: "get",
    how: "yaml",
    words: () => ["get", front, "-o", "yaml"],
    request: { method: "GET", path: ASSISTANT },
    gone: { code: 1, says: /Assistant\/front was deleted in the meantime/ },
  },
  {
    of: "get",
    how: "texml",
    words: () => ["get", front, "-o", "texml"],
    request: { method: "GET", path: /\/texml$/ },
    gone: { code: 1, says: /was deleted in the meantime/ },
  },
  {
    of: "clone",
    words: () => ["clone", front, "--as", "copy"],
    request: { method: "POST", path: /\/clone$/ },
    effect: assistants,
    asks: true,
  },
  { of: "copy", words: () => ["copy", front, "second"] },
  {
    of: "pull",
    words: () => ["pull", "Night desk"],
    request: { method: "GET", path: /^\/ai\/assistants$/ },
  },
  {
    of: "import",
    words: ({ night }) => ["import", "Assistant/night", night],
    request: { method: "GET", path: /^\/ai\/assistants$/ },
  },
  {
    of: "migrate",
    how: "--secret-ref",
    words: () => ["migrate", "vapi", "--secret-ref", "vapi-key"],
    request: { method: "POST", path: /\/import$/ },
    effect: assistants,
    effects: 3,
    asks: true,
  },
];

export const called = ({ of, how = "" }: Operation): string => `${of} ${how}`.trim();

import type { Transcript, Turn } from "../model/chat.ts";
import type { JsonObject } from "../model/json.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { requestJson } from "./json/request.ts";
import { prose } from "./markdown/escape.ts";
import type { SpokenMessage } from "../model/test-run.ts";
import { counted } from "./phrases.ts";
import { visible, visibleLines } from "../model/visible.ts";
import { messageLines } from "./test-history.ts";
import { paint, type Span, type Style } from "./style.ts";
import { xml } from "./xml.ts";
import { namesJson } from "./json/names.ts";

/** One answer alone; of several turns, each message with its answer, and what was expected of it. */
export function transcriptText({ turns, script }: Transcript, style: Style): string {
  const [first, ...others] = turns;
  if (script === undefined && others.length === 0) return linesOf(first?.answer).join("\n");
  const texts = turns.map((turn) => turnText(turn, style));
  return [...texts, ...(script === undefined ? [] : [scriptSummary(turns, script.messages.length)])].join(
    "\n\n",
  );
}

function turnText(turn: Turn, style: Style): string {
  const lines: readonly (readonly Span[])[] = [
    ...linesOf(turn.message).map((line): readonly Span[] => [{ text: `> ${line}`, tone: "title" }]),
    ...linesOf(turn.answer).map((text): readonly Span[] => [{ text }]),
    ...(turn.problem === undefined ? [] : [[{ text: `  ${visible(turn.problem)}`, tone: "failure" as const }]]),
    ...(turn.checks ?? []).map(({ expectation, isMet }): readonly Span[] => [
      isMet ? { text: "  passed  ", tone: "success" } : { text: "  failed  ", tone: "failure" },
      { text: visible(expectation) },
    ]),
  ];
  return lines.map((line) => paint(line, style)).join("\n");
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : visibleLines(text.replaceAll("\r\n", "\n"));
}

/** `2 of 3 messages answered; 3 expectations: 2 met, 1 not met.` */
function scriptSummary(turns: readonly Turn[], messages: number): string {
  const answered = turns.filter(({ status }) => status === "answered").length;
  const checks = turns.flatMap((turn) => turn.checks ?? []);
  const met = checks.filter(({ isMet }) => isMet).length;
  const judged = `${counted(checks.length, "expectation")}: ${met} met, ${checks.length - met} not met.`;
  return `${answered} of ${counted(messages, "message")} answered; ${judged}`;
}

export function transcriptJson(transcript: Transcript, options: JsonOptions): JsonObject {
  const { assistant, conversationId, earlier, turns, script } = transcript;
  return {
    ...envelope(options),
    assistant: namesJson(assistant),
    conversation_id: conversationId ?? null,
    ...(script !== undefined && { script: script.file }),
    ...(earlier !== undefined && {
      earlier: earlier.map(({ role, text, at }) => plain({ role, text: text ?? null, at })),
    }),
    turns: turns.map(({ message, answer, status, problem, failure, milliseconds, checks }) =>
      plain({
        message,
        status,
        answer: answer ?? null,
        problem,
        failure: failure && requestJson(failure),
        milliseconds,
        expectations: checks?.map(({ expectation, isMet }) => ({ expectation, met: isMet })),
      }),
    ),
  };
}

/** Of a conversation that is continued, as many messages are shown. */
const MOST_EARLIER = 20;

/** What was said before, the newest messages. */
export function earlierText(messages: readonly SpokenMessage[]): string {
  const left = messages.length - MOST_EARLIER;
  const more = left > 0 ? [`  … ${counted(left, "message")}`] : [];
  return [
    "Earlier in this conversation:",
    ...more,
    ...messages.slice(-MOST_EARLIER).flatMap(messageLines),
  ].join("\n");
}

export function transcriptMarkdown({ assistant, conversationId, earlier = [], turns }: Transcript): string {
  const title = `# Conversation with ${prose(visible(assistant.address ?? assistant.name))}`;
  const where = conversationId === undefined ? [] : [`Conversation ${prose(visible(conversationId))}`];
  const texts = turns.flatMap(({ message, answer, problem, checks = [] }) => [
    `**Message**\n\n${quoted(message)}`,
    ...(answer === undefined ? [] : [`**Answer**\n\n${quoted(answer)}`]),
    ...(problem === undefined ? [] : [`**No complete answer:** ${prose(visible(problem))}`]),
    ...(checks.length === 0
      ? []
      : [
          checks
            .map(
              ({ expectation, isMet }) => `- ${isMet ? "met" : "**not met**"}: ${prose(visible(expectation))}`,
            )
            .join("\n"),
        ]),
  ]);
  const before = earlier.flatMap(({ role, text }) =>
    text === undefined ? [] : [`**Earlier: ${prose(visible(role))}**\n\n${quoted(text)}`],
  );
  return `${[title, ...where, ...before, ...texts].join("\n\n")}\n`;
}

/** Each line as a line of a quotation; two blanks keep the line end. */
function quoted(text: string): string {
  return linesOf(text)
    .map((line) => `> ${prose(line)}`.trimEnd())
    .join("  \n");
}

/** JUnit's XML: the script is a suite, and each of its messages a test. */
export function transcriptJunit({ turns, script }: Transcript): string {
  const messages = script?.messages ?? turns.map(({ message }) => message);
  const name = script?.file ?? "chat";
  const failures = turns.filter(isFailed).length;
  const errors = turns.filter(({ status }) => status !== "answered").length;
  const skipped = messages.length - turns.length;
  const time = turns.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const counts = `tests="${messages.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  const cases = messages.map((message, index) => testCase(`${index + 1}: ${message}`, name, turns[index]));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="${xml(name)}" ${counts} time="${seconds(time)}">\n${cases.join("")}  </testsuite>\n</testsuites>\n`;
}

function isFailed({ checks = [] }: Turn): boolean {
  return checks.some(({ isMet }) => !isMet);
}

function testCase(name: string, suite: string, turn: Turn | undefined): string {
  const open = `    <testcase name="${xml(name)}" classname="${xml(suite)}" time="${seconds(turn?.milliseconds ?? 0)}"`;
  if (turn === undefined) return `${open}>\n      <skipped/>\n    </testcase>\n`;
  if (turn.status === "answered" && !isFailed(turn)) return `${open}/>\n`;
  const failed = (turn.checks ?? []).filter(({ isMet }) => !isMet).map(({ expectation }) => expectation);
  const [element, message] =
    turn.status === "answered" ? ["failure", failed.join("; ")] : ["error", turn.problem ?? turn.status];
  return `${open}>\n      <${element} message="${xml(message)}">${xml(turn.answer ?? "")}</${element}>\n    </testcase>\n`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

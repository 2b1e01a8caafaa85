import { stringify, type JsonObject } from "../../model/json.ts";
import type { ToolAnswer } from "../../model/tool-call.ts";
import { calledBy, findWith, type FoundObject } from "../../operations/account/find.ts";
import { checkAttached, testTool } from "../../operations/tool-test.ts";
import { withoutCredentials } from "../../operations/without-credentials.ts";
import { toolAnswerText } from "../../report/tool-answer.ts";
import { visible } from "../../model/visible.ts";
import { assistantIn, withAccount, type AccountOptions } from "../account.ts";
import { approved, checkApproval, type ApprovalOptions } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { UnknownOutcome, UsageError } from "../failure.ts";
import { print, styleOf, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { toolArguments } from "../tool-arguments.ts";
import { resultJson } from "../result-json.ts";
import { namesJson } from "../../report/json/names.ts";

export interface ToolTestOptions extends AccountOptions {
  readonly on: string;
  readonly args?: readonly string[];
  readonly variable: Readonly<Record<string, string>>;
  readonly format: "text" | "json";
  readonly yes?: boolean;
}

interface Tested {
  readonly tool: FoundObject;
  readonly assistant: FoundObject;
  readonly answer: ToolAnswer;
  readonly milliseconds: number;
}

/** Has Telnyx call the webhook of a tool, once, and shows what was sent and what came back. */
export async function toolTestCommand(io: Io, tool: string, options: ToolTestOptions): Promise<ExitCode> {
  const given = await toolArguments(io, options.args ?? [], options.color);
  return withAccount<ExitCode>(io, options, async (workspace, interruption) => {
    const signal = interruption();
    const found = await findWith(workspace, tool, ({ callOf }) => callOf !== undefined);
    const assistant = await assistantIn(workspace, options.on);
    const call = found.kind.callOf?.(found.live.spec);
    if (call === undefined)
      throw new UsageError(`${calledBy(found)} is not a webhook`, "only webhooks can be tested");
    await checkAttached(workspace, found, assistant);
    const asked = { found, assistant, request: call.request, given, variables: options.variable };
    if (call.hasEffects && !(await isApproved(io, asked, { yes: options.yes, signal }))) return 1;
    const outcome = await testTool(
      { toolCalls: workspace.provider.toolCalls, runtime: io.runtime },
      { assistantId: assistant.id, toolId: found.id, arguments: given, variables: options.variable },
    );
    if (outcome.status === "unknown")
      throw new UnknownOutcome(
        `the webhook may have been called: ${outcome.why}`,
        "before you try it again, look at the log of the server that it belongs to",
        outcome.failure,
      );
    const { answer, milliseconds } = outcome;
    const text =
      options.format === "json"
        ? testedJson({ tool: found, assistant, answer, milliseconds })
        : toolAnswerText(answer, milliseconds, styleOf(io, options.color));
    return saying(io, answer.isSuccess ? 0 : 1, () => print(io, text));
  });
}

interface Asked {
  readonly found: FoundObject;
  readonly assistant: FoundObject;
  readonly request: string;
  readonly given: JsonObject;
  readonly variables: Readonly<Record<string, string>>;
}

async function isApproved(
  io: Io,
  { found, assistant, request, given, variables }: Asked,
  { yes, signal }: ApprovalOptions,
): Promise<boolean> {
  checkApproval(io, "tool test", { yes });
  const what = `${calledBy(found)} of ${calledBy(assistant)} will send ${String(withoutCredentials(request))}`;
  const isWithout = Object.keys(variables).length === 0;
  const told = isWithout ? "" : ` and the variables ${stringify(withoutCredentials(variables))}`;
  const question = `${what} with ${stringify(withoutCredentials(given))}${told}. It has real effects.`;
  return approved(io, visible(question), { yes, signal }, "Nothing was sent.");
}

function testedJson({ tool, assistant, answer, milliseconds }: Tested): string {
  return resultJson({
    tool: namesJson(tool),
    assistant: namesJson(assistant),
    success: answer.isSuccess,
    status_code: answer.status,
    content_type: answer.contentType,
    milliseconds,
    request: answer.request,
    response: answer.response,
  });
}

import type { TextMessage } from "../../model/text-message.ts";
import { calledBy, type FoundObject } from "../../operations/account/find.ts";
import { messageFault, sendSms } from "../../operations/sms.ts";
import { visible } from "../../model/visible.ts";
import { withAssistant, type AccountOptions } from "../account.ts";
import { approved, checkApproval } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { UnknownOutcome, UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { resultJson } from "../result-json.ts";
import { namesJson } from "../../report/json/names.ts";

export interface SmsOptions extends AccountOptions {
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  readonly newConversation?: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly format: "text" | "json";
  readonly yes?: boolean;
}

/** Sends a text message to a real phone, after asking. */
export async function smsCommand(io: Io, assistant: string, options: SmsOptions): Promise<ExitCode> {
  const message = messageOf(options);
  const fault = messageFault(message);
  if (fault !== undefined) throw new UsageError(fault);
  checkApproval(io, "sms", options);
  return withAssistant(io, assistant, options, async (found, { provider }, interruption) => {
    const signal = interruption();
    if (!(await approved(io, questionFor(found, message), { yes: options.yes, signal }, "Nothing was sent.")))
      return 1;
    const sending = { textMessages: provider.textMessages, runtime: io.runtime };
    const outcome = await sendSms(sending, found.id, message);
    if (outcome.status === "unknown")
      throw new UnknownOutcome(
        `the message may have been sent: ${outcome.why}`,
        `before you send it again, look for a message to ${message.to} in the Telnyx portal`,
        outcome.failure,
      );
    const text = shown(found, message, outcome.conversationId, options.format);
    return saying(io, 0, () => print(io, text));
  });
}

function messageOf({ from, to, text, newConversation, metadata }: SmsOptions): TextMessage {
  return {
    from,
    to,
    ...(text !== undefined && { text }),
    ...(newConversation === true && { isNewConversation: true }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function questionFor(found: FoundObject, { from, to, text }: TextMessage): string {
  const what = text === undefined ? "its greeting, or a text that it writes" : JSON.stringify(text);
  return visible(
    `${calledBy(found)} will send an SMS from ${from} to ${to}: ${what}. It reaches a real phone.`,
  );
}

function shown(
  found: FoundObject,
  { from, to }: TextMessage,
  conversationId: string | undefined,
  format: SmsOptions["format"],
): string {
  if (format === "text") {
    const where = conversationId === undefined ? "" : ` (conversation ${conversationId})`;
    return visible(`${calledBy(found)} sent an SMS from ${from} to ${to}${where}.`);
  }
  return resultJson({ assistant: namesJson(found), from, to, conversation_id: conversationId ?? null });
}

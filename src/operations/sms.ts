import { E164 } from "../model/phone-number.ts";
import type { Runtime } from "../model/runtime.ts";
import type { TextMessage, TextMessages } from "../model/text-message.ts";
import { type UnknownEffect, unknownEffect } from "./unknown-effect.ts";

/** Why a message cannot be sent; nothing was sent. `undefined` where it can. */
export function messageFault({ from, to, text }: TextMessage): string | undefined {
  for (const [option, number] of [
    ["--from", from],
    ["--to", to],
  ] as const) {
    if (!E164.test(number))
      return `${option} is not a phone number in E.164 form, such as +13125550199: ${number}`;
  }
  if (from === to) return "--from and --to are the same number";
  return text?.trim() === "" ? "--text is empty" : undefined;
}

export type SmsOutcome = { readonly status: "sent"; readonly conversationId?: string } | UnknownEffect;

/** Sends a message once. Throws `ProviderError` if it was certainly not sent. */
export async function sendSms(
  { textMessages, runtime }: { readonly textMessages: TextMessages; readonly runtime: Runtime },
  assistantId: string,
  message: TextMessage,
): Promise<SmsOutcome> {
  try {
    const conversationId = await textMessages.send(assistantId, message, runtime.uuid());
    return { status: "sent", ...(conversationId !== undefined && { conversationId }) };
  } catch (error) {
    return unknownEffect(error);
  }
}

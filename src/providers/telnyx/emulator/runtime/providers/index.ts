import { ELEVENLABS } from "./elevenlabs.ts";
import type { ProviderAssistant, ProviderName } from "./provider.ts";
import { RETELL } from "./retell.ts";
import { VAPI } from "./vapi.ts";

/** The assistants in the accounts at other providers. */
export type ProviderAccounts = Record<ProviderName, readonly ProviderAssistant[]>;

export function providerAccounts(): ProviderAccounts {
  return { elevenlabs: ELEVENLABS, vapi: VAPI, retell: RETELL };
}

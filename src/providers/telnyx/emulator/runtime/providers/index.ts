import { ELEVENLABS } from "./elevenlabs.ts";
import type { ProviderAssistant, ProviderName } from "./provider.ts";
import { RETELL } from "./retell.ts";
import { VAPI } from "./vapi.ts";

/** What the accounts at other providers hold now. */
export type ProviderAccounts = Record<ProviderName, readonly ProviderAssistant[]>;

export function providerAccounts(): ProviderAccounts {
  return { elevenlabs: ELEVENLABS, vapi: VAPI, retell: RETELL };
}

import type { JsonObject } from "../../../../../model/json.ts";

export const PROVIDERS = ["elevenlabs", "vapi", "retell"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** An assistant at another provider, in the terms of what becomes of it at Telnyx. */
export interface ProviderAssistant {
  /** Its id there. */
  readonly id: string;
  /** As the body of a new assistant has it; secrets stand in it by name, in `{{#integration_secret}}`. */
  readonly config: JsonObject & { readonly name: string; readonly instructions: string };
  /** Names of the secrets that it uses there: they come along without their values. */
  readonly secrets?: readonly string[];
  readonly mcp_servers?: readonly McpServer[];
  readonly insights?: readonly { readonly name: string; readonly instructions: string }[];
  /** An id of a voice of ElevenLabs, for which Telnyx needs the key of the import. */
  readonly elevenlabs_voice?: string;
  /** The provider has it, and an import leaves it out. */
  readonly isLeftOut?: true;
}

interface McpServer {
  readonly name: string;
  readonly url: string;
  readonly allowed_tools?: readonly string[];
  /** The name of its secret. */
  readonly api_key_ref?: string;
}

/** A reference to a secret of this name, as tools have it. */
export function secret(name: string): string {
  return `{{#integration_secret}}${name}{{/integration_secret}}`;
}

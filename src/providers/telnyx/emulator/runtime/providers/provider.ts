import type { JsonObject } from "../../../../../model/json.ts";

export const PROVIDERS = ["elevenlabs", "vapi", "retell"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** An assistant at another provider, in the form in which it is imported. */
export interface ProviderAssistant {
  /** The id at the provider. */
  readonly id: string;
  /** The body of `POST /ai/assistants`. Secrets are named by `{{#integration_secret}}`. */
  readonly config: JsonObject & { readonly name: string; readonly instructions: string };
  /** Names of the secrets in `config`. They are imported without values. */
  readonly secrets?: readonly string[];
  readonly mcp_servers?: readonly McpServer[];
  readonly insights?: readonly { readonly name: string; readonly instructions: string }[];
  /** A voice of ElevenLabs. It is used with the API key of the import. */
  readonly elevenlabs_voice?: string;
  /** The import does not support it. */
  readonly isLeftOut?: true;
}

interface McpServer {
  readonly name: string;
  readonly url: string;
  readonly allowed_tools?: readonly string[];
  /** The name of the secret with its API key. */
  readonly api_key_ref?: string;
}

/** A reference to an integration secret in a tool. */
export function secret(name: string): string {
  return `{{#integration_secret}}${name}{{/integration_secret}}`;
}

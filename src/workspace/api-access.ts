import { API_URL } from "../model/api-url.ts";
import { refusalOf, type Environment } from "../model/allowed-hosts.ts";
import type { EnvironmentSettings } from "../schema/diagnostics/settings.ts";

/** The project may not, or cannot, reach the API: said in one line, with what to do. */
export class AccessError extends Error {
  override readonly name = "AccessError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export interface ApiAccess {
  readonly apiKey: string;
  /** Telnyx's own by default. */
  readonly baseUrl?: string;
  /** What the project file says, where the operator says something else. */
  readonly overruled?: string;
}

/** The key and the address of an environment of the project. Throws when the key may not be sent there. */
export function apiAccess(environment: EnvironmentSettings, env: Environment): ApiAccess {
  const { apiKeyVariable: variable, baseUrl: inFile } = environment;
  const given = env["TELNYX_BASE_URL"] || undefined;
  const baseUrl = given ?? inFile;
  // What is no URL is refused by the client, which sends nothing before.
  const url = baseUrl === undefined || URL.canParse(baseUrl) ? new URL(baseUrl ?? API_URL) : undefined;
  const refusal = url === undefined ? undefined : refusalOf({ use: "api", url, variables: [variable] }, env);
  if (refusal !== undefined) throw new AccessError(refusal.message, refusal.hint);
  const apiKey = env[variable] ?? "";
  if (apiKey === "") {
    const hint = "create a key in the Telnyx portal; the key is never taken from the command line or a file";
    throw new AccessError(`no API key: the environment variable ${variable} is not set`, hint);
  }
  const isOverruled = given !== undefined && inFile !== undefined && given !== inFile;
  return {
    apiKey,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(isOverruled && { overruled: inFile }),
  };
}

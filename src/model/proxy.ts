/** How servers are reached. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

/** Rollcall reads a proxy from no other variables. */
export function proxyIn(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  return {
    httpsProxy: env["HTTPS_PROXY"] ?? env["https_proxy"],
    noProxy: env["NO_PROXY"] ?? env["no_proxy"],
  };
}

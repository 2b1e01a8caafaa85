/**
 * This machine: what is sent there does not travel. For `URL.hostname`, which brings every spelling of an IPv4 address
 * into four decimals.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

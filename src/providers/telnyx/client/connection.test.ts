import { describe, expect, test } from "vitest";
import { OptionsError } from "../errors.ts";
import { checkApiKey, checkBaseUrl, openPool } from "./connection.ts";

describe("the base URL", () => {
  test.each([
    ["https://api.telnyx.com/v2", "https://api.telnyx.com/v2"],
    ["https://api.telnyx.com/v2//", "https://api.telnyx.com/v2"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"],
    ["http://127.8.9.1/v2", "http://127.8.9.1/v2"],
    ["http://localhost:1/v2", "http://localhost:1/v2"],
    ["http://[::1]:1/v2", "http://[::1]:1/v2"],
    ["http://2130706433/", "http://127.0.0.1/"],
  ])("%s is accepted", (text, href) => {
    expect(checkBaseUrl(text).href).toBe(href);
  });

  test.each([
    ["http://api.telnyx.com/v2", /not https/],
    ["http://127.0.0.1.example.com/", /not https/],
    ["http://localhost.example.com/", /not https/],
    ["http://0.0.0.0/", /not https/],
    ["ftp://127.0.0.1/", /not https/],
    ["https://me:secret-word@api.telnyx.com/v2", /user name or a password/],
    ["https://api.telnyx.com/v2?key=secret-word", /query/],
    ["https://api.telnyx.com/v2#secret-word", /fragment/],
    ["api.telnyx.com/secret-word", /not a URL/],
  ])("%s is refused, without repeating a secret", (text, why) => {
    const attempt = () => checkBaseUrl(text);
    expect(attempt).toThrow(OptionsError);
    expect(attempt).toThrow(why);
    expect(attempt).not.toThrow(/secret-word/);
  });
});

test.each(["", "  ", "KEY 1", "KEY\n1", "KEY\u0000", "KÉY"])("the key %o cannot be used", (key) => {
  expect(() => checkApiKey(key)).toThrow(OptionsError);
});

test("a proxy that is not a URL is an error that does not show the value", () => {
  const open = () =>
    openPool({ parallelism: 1, timeout: 1, proxy: { httpsProxy: "socks5://me:secret-word@proxy" } });
  expect(open).toThrow(OptionsError);
  expect(open).not.toThrow(/secret-word/);
});

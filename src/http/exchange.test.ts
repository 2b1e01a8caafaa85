import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openConnections } from "./connections.ts";
import { exchange, TimeoutError } from "./exchange.ts";

async function asked(answer: RequestListener, timeout = 10_000, maxResponseSize = 1_000) {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const unusable = (why: string) => new Error(why);
  const dispatcher = openConnections({ timeout: 10_000, maxResponseSize, unusable });
  onTestFinished(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  return exchange({ method: "GET", url, headers: {} }, { dispatcher, timeout, maxResponseSize });
}

test("an answer that does not end is given up after the time limit", async () => {
  const answer = asked((_, response) => void response.write("{"), 50);
  await expect(answer).rejects.toThrow(TimeoutError);
  await expect(answer).rejects.toThrow("no complete answer within 0.05 s");
});

test("an answer that is too large is an error", async () => {
  await expect(asked((_, response) => void response.end("x".repeat(1_001)))).rejects.toThrow();
});

test("a redirect is an answer and is not followed", async () => {
  const answer = await asked((_, response) => void response.writeHead(302, { location: "/y" }).end());
  expect([answer.status, answer.header("location")]).toEqual([302, "/y"]);
});

test("a proxy that is no http or https address is the error of the caller", () => {
  const unusable = (why: string) => new RangeError(why);
  const proxy = { httpsProxy: "socks5://me:word@proxy" };
  expect(() => openConnections({ timeout: 1, maxResponseSize: 1, proxy, unusable })).toThrow(
    new RangeError("the HTTPS proxy is not an http:// or https:// address"),
  );
});

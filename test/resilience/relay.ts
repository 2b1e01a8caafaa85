import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An API in front of another one. */
export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

/** What a relay calls around each request, with what is asked: before it has an effect, and before it is answered. */
export interface Around {
  before(line: string): void;
  after(line: string): void;
}

/** Passes requests on. */
export async function startRelay(target: string, around: Around): Promise<Relay> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const pass = async () => {
      const { method = "", url = "", headers } = incoming;
      const body = await buffer(incoming);
      const line = `${method} ${url.slice(pathname.length).replace(/\?.*/, "")}`;
      around.before(line);
      const answer = await new Promise<IncomingMessage>((answered, failed) =>
        request({ hostname, port, method, path: url, headers }, answered).on("error", failed).end(body),
      );
      const text = await buffer(answer);
      around.after(line);
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
    };
    pass().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

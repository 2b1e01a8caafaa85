import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Recorder {
  readonly url: string;
  /** `METHOD target`, and the headers with it. */
  readonly seen: { readonly line: string; readonly authorization: string | undefined }[];
}

/**
 * A server of somebody else on this machine, as target or as proxy: it notes what arrives and serves nothing. With
 * `redirect` it sends everybody on.
 */
export async function startRecorder(redirect?: string): Promise<Recorder> {
  const seen: Recorder["seen"][number][] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    seen.push({ line: `${method} ${url}`, authorization: headers.authorization });
  const server = createServer((request, response) => {
    note(request);
    response.writeHead(
      redirect === undefined ? 404 : 307,
      redirect === undefined ? {} : { location: redirect },
    );
    response.end("{}");
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

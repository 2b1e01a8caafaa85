import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { runtime } from "../../../host/runtime.ts";
import { createTelnyxProvider } from "../provider.ts";

/** What is heard of an answer that is streamed with these contents, and what the answer is in the end. */
async function said(deltas: readonly string[], done: string) {
  const events = [...deltas.map((content) => ["delta", content]), ["done", done]];
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const texts = events.map(([name, content]) => `event: ${name}\ndata: ${JSON.stringify({ content })}\n\n`);
    response.end(texts.join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const provider = createTelnyxProvider({ apiKey: "KEY-1", baseUrl: `http://127.0.0.1:${port}/v2`, runtime });
  let heard = "";
  const onPiece = (piece: string) => void (heard += piece);
  const answer = await provider.chats.say("a", { conversationId: "c", text: "x", onPiece, signal: undefined });
  await provider.close();
  server.close();
  return { heard, answer };
}

test.each([
  ["goes on where the parts end", ["We ", "open"], "We open at nine.", "We open at nine.", "We open at nine."],
  ["is another text", ["We open"], "We are closed.", "We open\nWe are closed.", "We are closed."],
  ["has no blanks around it", [" We open\n"], "We open", " We open\n", "We open"],
  ["is empty", ["We open"], "", "We open", "We open"],
])(
  "where the whole answer %s, it is what is heard and what is told",
  async (_, deltas, done, heard, answer) => {
    expect(await said(deltas, done)).toEqual({ heard, answer });
  },
);

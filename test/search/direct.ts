import { Buffer } from "node:buffer";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import type { Connections } from "../../src/providers/telnyx/client/request.ts";

interface Options {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly opaque: { readonly tell: () => void };
}

/** Brings requests to an emulator in this process, without a connection; what breaks connections breaks the answer. */
export function directTo(emulator: Emulator): Connections {
  const request = async (options: Options) => {
    options.opaque.tell();
    const { status, headers, text, delivery } = await emulator.answer(incoming(options));
    if (delivery === "reset" || delivery === "never") throw broken("ECONNRESET");
    const isWhole = delivery !== "half";
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { statusCode: status, headers: Object.fromEntries(lower), body: bodyOf(text, isWhole) };
  };
  return { request, close: async () => undefined } as unknown as Connections;
}

/** Read in pieces or as a whole. */
function bodyOf(text: string, isWhole: boolean) {
  const bytes = Buffer.from(text);
  async function* pieces() {
    yield isWhole ? bytes : bytes.subarray(0, bytes.length / 2);
    if (!isWhole) throw broken("UND_ERR_SOCKET");
  }
  return {
    [Symbol.asyncIterator]: pieces,
    async arrayBuffer() {
      if (!isWhole) throw broken("UND_ERR_SOCKET");
      return bytes;
    },
  };
}

function incoming({ method, path, headers, body = "" }: Options) {
  const [whole = "", query = ""] = path.split("?");
  return { method, path: whole.replace(/^\/v2/, ""), query, headers, text: body };
}

function broken(code: string): Error {
  return Object.assign(new Error(code), { code });
}

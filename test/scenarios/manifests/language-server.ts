import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { resolve } from "node:path";

const SERVER = resolve(import.meta.dirname, "../../../node_modules/yaml-language-server/bin/yaml-language-server");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** The YAML language server that editors run, spoken to as an editor does. */
export interface LanguageServer {
  /** The answer to a question about a place in a text; line and character count from 0. */
  ask(method: "textDocument/hover" | "textDocument/completion", text: string, at: Place): Promise<unknown>;
  /** The problems of a text, as messages. */
  problems(text: string): Promise<readonly string[]>;
  stop(): void;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

export async function startLanguageServer(schema: string): Promise<LanguageServer> {
  const child = spawn(process.execPath, [SERVER, "--stdio"]);
  const waiting = new Map<number, (result: unknown) => void>();
  const published = new Map<string, (problems: readonly string[]) => void>();
  let count = 0;
  const request = (method: string, params: unknown): Promise<unknown> => {
    const id = ++count;
    send(child, { id, method, params });
    return new Promise((done) => waiting.set(id, done));
  };
  read(child, (message) => {
    if (message.method === undefined && message.id !== undefined) waiting.get(message.id)?.(message.result);
    else if (message.method === "workspace/configuration" && message.id !== undefined) {
      const yaml = { validate: true, hover: true, completion: true, schemas: { [schema]: "*.yaml" } };
      send(child, { id: message.id, result: [yaml, {}, {}, {}, {}] });
    } else if (message.method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = message.params as { uri: string; diagnostics: { message: string }[] };
      published.get(uri)?.(diagnostics.map((problem) => problem.message));
    } else if (message.id !== undefined) send(child, { id: message.id, result: null });
  });
  await request("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { hover: {}, completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: {} },
    },
  });
  send(child, { method: "initialized", params: {} });
  const open = (text: string): { readonly uri: string; readonly checked: Promise<readonly string[]> } => {
    const uri = `file:///manifest-${++count}.yaml`;
    const checked = new Promise<readonly string[]>((done) => published.set(uri, done));
    send(child, {
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "yaml", version: 1, text } },
    });
    return { uri, checked };
  };
  return {
    ask: async (method, text, position) => {
      const { uri, checked } = open(text);
      await checked;
      return request(method, { textDocument: { uri }, position });
    },
    problems: (text) => open(text).checked,
    stop: () => void child.kill(),
  };
}

function send(child: ChildProcessWithoutNullStreams, message: Message): void {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function read(child: ChildProcessWithoutNullStreams, receive: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      receive(JSON.parse(body) as Message);
    }
  });
}

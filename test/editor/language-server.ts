import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { resolve } from "node:path";

const SERVER = resolve(import.meta.dirname, "../../node_modules/yaml-language-server/bin/yaml-language-server");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** Both count from 0. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** The YAML language server that editors run, spoken to as an editor does. */
export interface LanguageServer {
  /** Shows it a text as it is being typed; the problems that it finds, as messages. */
  show(uri: string, text: string): Promise<readonly string[]>;
  /** The answer to a question about a place in a text that it was shown. */
  ask(method: "textDocument/hover" | "textDocument/completion", uri: string, at: Place): Promise<unknown>;
  stop(): void;
}

/** With these settings, `yaml.schemas` and the like, and the folder that is open, if there is one. */
export async function startLanguageServer(
  settings: Readonly<Record<string, unknown>>,
  root?: string,
): Promise<LanguageServer> {
  const child = spawn(process.execPath, [SERVER, "--stdio"]);
  const answers = new Map<number, (result: unknown) => void>();
  const published = new Map<string, (problems: readonly string[]) => void>();
  let count = 0;
  const request = (method: string, params: unknown): Promise<unknown> => {
    const id = ++count;
    send(child, { id, method, params });
    return new Promise((done) => answers.set(id, done));
  };
  receive(child, ({ id, method, params, result }) => {
    if (method === undefined && id !== undefined) answers.get(id)?.(result);
    else if (method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = params as { uri: string; diagnostics: { message: string }[] };
      published.get(uri)?.(diagnostics.map(({ message }) => message));
    } else if (id !== undefined) {
      const items = (params as { items?: { section: string }[] } | undefined)?.items ?? [];
      send(child, { id, result: method === "workspace/configuration" ? items.map(section(settings)) : null });
    }
  });
  await request("initialize", {
    processId: process.pid,
    rootUri: root ?? null,
    ...(root === undefined ? {} : { workspaceFolders: [{ uri: root, name: "project" }] }),
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeConfiguration: { dynamicRegistration: true },
      },
      textDocument: {
        hover: {},
        completion: { completionItem: { snippetSupport: true } },
        publishDiagnostics: {},
      },
    },
  });
  send(child, { method: "initialized", params: {} });
  return {
    show: (uri, text) => {
      const problems = new Promise<readonly string[]>((done) => published.set(uri, done));
      const textDocument = { uri, languageId: "yaml", version: ++count, text };
      send(child, { method: "textDocument/didOpen", params: { textDocument } });
      return problems;
    },
    ask: (method, uri, position) => request(method, { textDocument: { uri }, position }),
    stop: () => void child.kill(),
  };
}

/** `"yaml.schemas": …` of the settings is `schemas` of the section `yaml`, as editors send it. */
function section(settings: Readonly<Record<string, unknown>>) {
  return ({ section }: { readonly section: string }): unknown => {
    const own = Object.entries(settings).filter(([key]) => key.startsWith(`${section}.`));
    const values = Object.fromEntries(own.map(([key, value]) => [key.slice(section.length + 1), value]));
    return section === "yaml" ? { validate: true, hover: true, completion: true, ...values } : values;
  };
}

function send(child: ChildProcessWithoutNullStreams, message: Message): void {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function receive(child: ChildProcessWithoutNullStreams, handle: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      handle(JSON.parse(body) as Message);
    }
  });
}

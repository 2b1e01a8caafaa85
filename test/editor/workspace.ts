import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const SERVER = resolve(import.meta.dirname, "../../node_modules/yaml-language-server/bin/yaml-language-server");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

/** A folder opened in an editor that has the YAML extension and the folder's own `.vscode/settings.json`. */
export interface EditorWorkspace {
  /** What the editor marks in the file, with the text as it is being typed. */
  marks(path: string, text: string): Promise<readonly string[]>;
  /** What it proposes at the place. */
  proposals(path: string, text: string, at: Place): Promise<readonly string[]>;
  /** What it shows under the pointer. */
  hover(path: string, text: string, at: Place): Promise<string>;
  close(): void;
}

export async function openWorkspace(folder: string): Promise<EditorWorkspace> {
  const settings = JSON.parse(await readFile(join(folder, ".vscode/settings.json"), "utf8")) as Readonly<
    Record<string, unknown>
  >;
  const child = spawn(process.execPath, [SERVER, "--stdio"]);
  const answers = new Map<number, (result: unknown) => void>();
  const published = new Map<string, (marks: readonly string[]) => void>();
  let count = 0;
  const ask = (method: string, params: unknown): Promise<unknown> => {
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
  const root = pathToFileURL(folder).href;
  await ask("initialize", {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: "project" }],
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
  const show = async (path: string, text: string) => {
    const uri = pathToFileURL(join(folder, path)).href;
    const marks = new Promise<readonly string[]>((done) => published.set(uri, done));
    send(child, {
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "yaml", version: ++count, text } },
    });
    return { textDocument: { uri }, marks: await marks };
  };
  return {
    marks: async (path, text) => (await show(path, text)).marks,
    async proposals(path, text, position) {
      const { textDocument } = await show(path, text);
      const list = await ask("textDocument/completion", { textDocument, position });
      return ((list as { items?: { label: string }[] } | null)?.items ?? []).map(({ label }) => label);
    },
    async hover(path, text, position) {
      const { textDocument } = await show(path, text);
      return JSON.stringify(await ask("textDocument/hover", { textDocument, position }));
    },
    close: () => void child.kill(),
  };
}

/** `"yaml.schemas": …` of the file is `schemas` of the section `yaml`, as editors send it. */
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

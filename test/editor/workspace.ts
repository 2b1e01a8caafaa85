import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLanguageServer, type Place } from "./language-server.ts";

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
  const server = await startLanguageServer(settings, pathToFileURL(folder).href);
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  return {
    marks: (path, text) => server.show(uriOf(path), text),
    async proposals(path, text, at) {
      await server.show(uriOf(path), text);
      const list = await server.ask("textDocument/completion", uriOf(path), at);
      return ((list as { items?: { label: string }[] } | null)?.items ?? []).map(({ label }) => label);
    },
    async hover(path, text, at) {
      await server.show(uriOf(path), text);
      return JSON.stringify(await server.ask("textDocument/hover", uriOf(path), at));
    },
    close: server.stop,
  };
}

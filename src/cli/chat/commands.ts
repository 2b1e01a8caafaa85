/** What a line in a conversation means. */
export type Line =
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "exit" | "help" | "nothing" }
  | { readonly type: "save"; readonly file: string }
  | { readonly type: "unknown"; readonly name: string };

export const HELP = `/exit         ends the conversation (also Ctrl-D, or Ctrl-C at an empty prompt)
/save <file>  writes the conversation to a file: .json, .md, or text
/help         shows this
//text        sends a message that begins with a slash
Ctrl-C stops an answer.`;

export function commandIn(line: string): Line {
  const text = line.trim();
  if (text === "") return { type: "nothing" };
  if (text.startsWith("//")) return { type: "message", text: text.slice(1) };
  if (!text.startsWith("/")) return { type: "message", text };
  const [, name = "", rest = ""] = /^(\S+)\s*(.*)$/su.exec(text) ?? [];
  if (name === "/exit" && rest === "") return { type: "exit" };
  if (name === "/help" && rest === "") return { type: "help" };
  if (name === "/save" && rest !== "") return { type: "save", file: rest };
  return { type: "unknown", name: text };
}

import type { TagUse } from "../model/tag-list.ts";
import { visible } from "./safe.ts";
import type { Style } from "./style.ts";
import { tableLines } from "./table.ts";

export function tagsText(tags: readonly TagUse[], style: Style): string {
  const table = [
    { title: "TAG", cells: tags.map(({ name }) => visible(name)), isWhole: true as const },
    { title: "OBJECTS", cells: tags.map(({ objects }) => String(objects)) },
    { title: "DECLARED", cells: tags.map(({ isDeclared }) => (isDeclared ? "yes" : "undeclared")) },
  ];
  return tableLines(table, { ...style, isWide: false }).join("\n");
}

import { markup, type Content, type Markup } from "./markup.ts";

export interface Table {
  readonly id: string;
  readonly title: string;
  readonly heads: readonly string[];
  readonly lines: readonly (readonly Content[])[];
}

/** The first cell of a line names it. */
export function table({ id, title, heads, lines }: Table): Markup | undefined {
  if (lines.length === 0) return undefined;
  return markup`<section><h2 id="${id}">${title}</h2>
<div class="tablebox" role="region" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${lines.map(
  ([
    first,
    ...cells
  ]) => markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table></div></section>
`;
}

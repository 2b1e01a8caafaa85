/** The picture of references; lines are quiet until one asks for them. */
export const GRAPH_STYLE = `
.graph{overflow:auto;max-height:44rem;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1rem}
.graph svg{display:block}
.graph text{font:12px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;fill:var(--ink);unicode-bidi:isolate}
.graph text.kind{font:10.5px ui-sans-serif,system-ui,sans-serif;fill:var(--faint)}
.graph rect{fill:var(--panel);stroke:var(--edge)}
.graph .rest rect{stroke-dasharray:3 3}
.graph .rest text{fill:var(--faint)}
.graph .stripe{stroke:var(--tone,none);stroke-width:3;stroke-linecap:round;fill:none}
.graph a:hover .card,.graph .node.near .card{stroke:var(--accent)}
.graph a:focus-visible{outline:none}
.graph a:focus-visible .card{stroke:var(--accent);stroke-width:2.5}
.edges path{fill:none;stroke:var(--edge);stroke-width:1.25}
.edges path.near{stroke:var(--accent);stroke-width:1.75}
.focused .edges path:not(.near){opacity:.35}
.focused .node:not(.near){opacity:.45}
.graph marker path{fill:var(--faint)}
`;

/** One set of elements for both views of a diff: line by line, and side by side where there is room. */
export const DIFF_STYLE = `
.diff{margin:.5rem 0 0;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.diff figcaption{padding:.3rem .8rem;background:var(--sunken);border-bottom:1px solid var(--line);font-size:.8125rem;color:var(--faint);display:flex;flex-wrap:wrap;gap:0 .8rem;overflow-wrap:anywhere}
.diff figcaption .file{color:var(--ink)}
.count{margin-left:auto;font-variant-numeric:tabular-nums}
.count ins{color:var(--add)}.count del{color:var(--del)}
.lines{font:.8125rem/1.6 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;padding:.25rem 0}
.prose .lines{font:.9375rem/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.l{display:grid;grid-template-columns:2.6rem 1.4rem minmax(0,1fr);padding-right:.8rem}
.l i{font:.75rem/2 ui-monospace,monospace;text-align:right;color:var(--faint);user-select:none}
.prose .l i{line-height:1.5rem}
.l::before{order:1;content:"";text-align:center;user-select:none;font-family:ui-monospace,monospace}
.l i{order:0}.l span{order:2;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;min-height:1.6em}
.same .l span{color:var(--faint)}
del.l{background:var(--del-ground)}del.l::before{content:"−";content:"−"/"";color:var(--del)}
ins.l{background:var(--add-ground)}ins.l::before{content:"+";content:"+"/"";color:var(--add)}
del.l i{color:var(--del)}ins.l i{color:var(--add)}
:root:has(#marks:checked) :is(del,ins) mark{border-radius:3px;padding:.06em .1em;margin:0 -.1em;-webkit-box-decoration-break:clone;box-decoration-break:clone;font-weight:600}
:root:has(#marks:checked) del mark{background:var(--del-mark)}
:root:has(#marks:checked) ins mark{background:var(--add-mark)}
.gap{padding:.1rem .8rem .1rem 4rem;color:var(--faint);font-size:.8125rem}
.gap::before{content:"⋮  ";content:"⋮  "/"";white-space:pre}
.lines>.more{padding:.2rem 0 .3rem;margin:0}.lines>.more>summary{padding-left:4rem}
.same .b{display:none}
@media (min-width:46.01rem){
:root:has(#split:checked) .diff:not(.whole) :is(.changed,.same){display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
:root:has(#split:checked) .diff:not(.whole) .same .b{display:grid;order:-1}
:root:has(#split:checked) .diff:not(.whole) .old{grid-column:1;background:var(--del-ground);border-right:1px solid var(--line)}
:root:has(#split:checked) .diff:not(.whole) .new{grid-column:2;background:var(--add-ground)}
:root:has(#split:checked) .diff:not(.whole) .b{border-right:1px solid var(--line)}
}
`;

/** One set of elements for both views of a diff: line by line, and side by side where there is room. */
export const DIFF_STYLE = `
.diff{margin:.5rem 0 0;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.diff figcaption{padding:.3rem .8rem;background:var(--sunken);border-bottom:1px solid var(--line);font-size:.8125rem;color:var(--faint);display:flex;flex-wrap:wrap;gap:0 .8rem;overflow-wrap:anywhere}
.diff figcaption .file{color:var(--ink)}
.count{margin-left:auto;font-variant-numeric:tabular-nums}
.count ins{color:var(--add)}.count del{color:var(--del)}
.lines{font:.8125rem/1.6 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;padding:.25rem 0}
.prose .lines{font:.9375rem/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.lines :is(p,del,ins){display:block;position:relative;margin:0;padding:0 .8rem 0 4rem;min-height:1.6em;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
.lines i{position:absolute;left:0;width:2.6rem;font:.75rem/1.3125rem ui-monospace,monospace;text-align:right;color:var(--faint);user-select:none;direction:ltr}
.prose .lines i{line-height:1.5rem}
.lines p{color:var(--faint)}
.lines :is(del,ins)::before{position:absolute;left:2.9rem;font-family:ui-monospace,monospace;user-select:none}
.lines del{background:var(--del-ground)}.lines del::before{content:"−";content:"−"/"";color:var(--del)}
.lines ins{background:var(--add-ground)}.lines ins::before{content:"+";content:"+"/"";color:var(--add)}
.lines del i{color:var(--del)}.lines ins i{color:var(--add)}
:root:has(#marks:checked) .c mark{border-radius:3px;padding:.06em .1em;margin:0 -.1em;-webkit-box-decoration-break:clone;box-decoration-break:clone;font-weight:600}
:root:has(#marks:checked) del mark{background:var(--del-mark)}
:root:has(#marks:checked) ins mark{background:var(--add-mark)}
.gap{padding:.1rem .8rem .1rem 4rem;color:var(--faint);font-size:.8125rem}
.gap::before{content:"⋮  ";content:"⋮  "/"";white-space:pre}
.lines>.more{padding:.2rem 0 .3rem;margin:0}.lines>.more>summary{padding-left:4rem}
.lines .twin{display:none}
@media (min-width:46.01rem){
:root:has(#split:checked) .diff:not(.whole) :is(.c,.same){display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);grid-auto-flow:dense}
:root:has(#split:checked) .diff:not(.whole) del{grid-column:1}
:root:has(#split:checked) .diff:not(.whole) ins{grid-column:2}
:root:has(#split:checked) .diff:not(.whole) .twin{display:block}
:root:has(#split:checked) .diff:not(.whole) .lines{background:linear-gradient(var(--line),var(--line)) 50%/1px 100% no-repeat}
}
`;

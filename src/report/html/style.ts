/** One set of elements for both views of a diff: line by line, and side by side where there is room. */
const DIFF_STYLE = `
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

/** The picture of references. Lines are faint until a node is selected. */
const GRAPH_STYLE = `
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

/** Colours in pairs, light and dark; every text reaches a contrast of 4.5 on every ground it stands on. */
const COLOURS = `
:root{color-scheme:light dark;
--ground:light-dark(#f6f6f3,#121418);--panel:light-dark(#ffffff,#1a1d22);--sunken:light-dark(#f3f3ef,#15181c);
--ink:light-dark(#1b1f24,#e6e8ec);--faint:light-dark(#59626d,#9da6b2);--line:light-dark(#e3e3dd,#2b3038);--edge:light-dark(#cbccc6,#424954);
--accent:light-dark(#3a4fb0,#a9b6ff);
--add:light-dark(#17693f,#77d6a0);--add-ground:light-dark(#eaf6ee,#14251c);--add-mark:light-dark(#bde5cb,#1f573b);
--del:light-dark(#a52820,#ff9f97);--del-ground:light-dark(#fceeec,#2b1918);--del-mark:light-dark(#f6c9c4,#6e2b28);
--mod:light-dark(#7d5400,#e6bd66);--mod-ground:light-dark(#faf1dc,#292110);
--keep:light-dark(#4d5a68,#a9b4c1);
--shadow:light-dark(rgb(30 32 40/.06),rgb(0 0 0/.3))}
:root:has(#theme-light:checked){color-scheme:light}
:root:has(#theme-dark:checked){color-scheme:dark}
`;

const BASE = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:6rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
a{color:var(--accent);text-underline-offset:.15em}
ins,del{text-decoration:none}
mark{color:inherit;background:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.wide{max-width:68rem;margin-inline:auto;padding-inline:1.25rem}
main{max-width:68rem;margin-inline:auto;padding:0 1.25rem 2rem}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;z-index:9;padding:.4rem .8rem;background:var(--panel)}
h1,h2,h3,p{margin:0}
h1,h2{text-wrap:balance}
.top{padding:1.1rem 0 1.4rem}
.line{display:flex;justify-content:space-between;align-items:center;gap:1rem}
.brand{font-weight:650;letter-spacing:-.01em}
.brand span{font-weight:400;color:var(--faint)}
h1{margin-top:1.4rem;font-size:clamp(1.6rem,4.5vw,2.15rem);line-height:1.15;letter-spacing:-.022em;font-weight:650;overflow-wrap:anywhere}
.where{margin-top:.4rem;color:var(--faint);overflow-wrap:anywhere}
.where span+span::before{content:"·";margin-right:.3rem}
.verdict{margin-top:1.15rem;font-size:1.125rem;font-weight:600;overflow-wrap:anywhere}
.verdict.good{color:var(--add)}.verdict.bad{color:var(--del)}
.remark{margin-top:.2rem;color:var(--faint);overflow-wrap:anywhere;max-width:46rem}
.actions{margin-top:1rem}
h2{margin:2.4rem 0 .8rem;font-size:1.2rem;letter-spacing:-.012em;font-weight:650}
.intro{margin:-.4rem 0 .9rem;color:var(--faint);max-width:46rem}
`;

const CONTROLS = `
button,.button{font:inherit;font-size:.875rem;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:7px;padding:.28rem .7rem;cursor:pointer;text-decoration:none;display:inline-block}
button:hover,.button:hover{border-color:var(--faint)}
fieldset{border:0;margin:0;padding:0;min-width:0}
.switch{display:inline-flex;background:var(--sunken);border:1px solid var(--line);border-radius:8px;padding:2px;font-size:.8125rem}
.switch label{position:relative;cursor:pointer}
.switch input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.switch span{display:block;padding:.16rem .6rem;border-radius:6px;color:var(--faint)}
.switch input:checked+span{background:var(--panel);color:var(--ink);box-shadow:0 1px 2px var(--shadow),0 0 0 1px var(--line)}
.switch input:focus-visible+span,.chips input:focus-visible+span{outline:2px solid var(--accent);outline-offset:1px}
.bar{position:sticky;top:0;z-index:5;background:var(--ground);border-block:1px solid var(--line);padding:.6rem 0}
.bar .wide{display:flex;flex-wrap:wrap;gap:.55rem .9rem;align-items:center;font-size:.875rem}
.search{flex:1 1 13rem}
.choices{flex:1 0 100%;display:flex;flex-wrap:wrap;gap:.4rem 1.1rem}
.choices:empty{display:none}
.search input{width:100%;font:inherit;font-size:.9375rem;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:8px;padding:.36rem .7rem}
input::placeholder{color:var(--faint);opacity:1}
.chips{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center;font-size:.8125rem}
.chips legend{float:left;margin-right:.45rem;padding:0;color:var(--faint)}
.chips label{position:relative;cursor:pointer}
.chips input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.chips span{display:block;padding:.12rem .6rem;border:1px solid var(--edge);border-radius:99px;background:var(--panel);overflow-wrap:anywhere}
.chips b{font-weight:400;color:var(--faint);font-variant-numeric:tabular-nums}
.chips input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--panel)}
.chips input:checked+span b{color:inherit}
.check{display:inline-flex;gap:.4rem;align-items:center;cursor:pointer}
.check input{accent-color:var(--accent);width:1rem;height:1rem;margin:0}
#shown{min-width:7.5em;text-align:right;color:var(--faint);font-variant-numeric:tabular-nums}
`;

const ITEMS = `
.item{background:var(--panel);border:1px solid var(--line);border-left:3px solid var(--tone);border-radius:10px;margin-bottom:.6rem;box-shadow:0 1px 2px var(--shadow);scroll-margin-top:9rem}
.add{--tone:var(--add)}.mod{--tone:var(--mod)}.del,.stop{--tone:var(--del)}.keep{--tone:var(--keep)}
.item>:is(summary,.head){display:flex;flex-wrap:wrap;gap:.15rem .7rem;align-items:baseline;padding:.6rem 2.6rem .6rem .9rem;list-style:none;border-radius:10px;position:relative}
.item>summary{cursor:pointer}
summary::-webkit-details-marker{display:none}
.item>summary::after{content:"";position:absolute;right:1.15rem;top:1.15rem;width:.42rem;height:.42rem;border:solid var(--faint);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
.item[open]>summary::after{transform:rotate(45deg)}
.item .sign{color:var(--tone);font:600 1rem/1 ui-monospace,monospace;width:.8em;text-align:center}
h3{display:inline;font-size:1rem;font-weight:600;overflow-wrap:anywhere}
.address{unicode-bidi:isolate}
.kind{color:var(--faint);font-weight:400}
.tally{list-style:none;display:flex;flex-wrap:wrap;gap:.6rem;margin:1.2rem 0 0;padding:0}
.tally li{display:flex;gap:.5rem;align-items:baseline;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.45rem .95rem .5rem;color:var(--faint);box-shadow:0 1px 2px var(--shadow)}
.tally b{font-size:1.5rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;color:var(--tone,var(--ink));font-variant-numeric:tabular-nums}
.tally .zero b{color:var(--faint);font-weight:450}
.tally a{color:inherit}
.outcome{color:var(--faint);font-size:.875rem}
.risk{color:var(--mod);background:var(--mod-ground);border-radius:5px;padding:.06rem .5rem;font-size:.8125rem;overflow-wrap:anywhere}
.body,.head{scroll-margin-top:11rem}
.body{padding:.1rem 1rem 1rem 2.5rem}
.body>p{margin:.35rem 0;overflow-wrap:anywhere}
.body>.note,.untouched{color:var(--faint);font-size:.9375rem}
.next{font-weight:500}
.rows{margin:.3rem 0 0}
.row{display:grid;grid-template-columns:minmax(9rem,17rem) minmax(0,1fr);gap:.1rem 1.2rem;padding:.45rem 0;border-top:1px solid var(--line)}
.rows>.row:first-child{border-top:0}
.row:has(.diff),.row:has(>dd>pre){grid-template-columns:minmax(0,1fr)}
dt,dd{margin:0;min-width:0;overflow-wrap:anywhere}
.row>dt{display:grid;grid-template-columns:1.2rem minmax(0,1fr);align-items:baseline}
.row>dt>*{grid-column:2}.row>dt>.sign{grid-column:1}
.row>dt code{color:var(--ink);unicode-bidi:isolate}
.note,.file{color:var(--faint);font-size:.8125rem}
.v{white-space:pre-wrap;unicode-bidi:isolate;overflow-wrap:anywhere}
.pair del .v{color:var(--del)}.pair ins .v{color:var(--add)}
.pair .arrow{color:var(--faint)}
.pair.tall{display:grid;gap:.25rem}.pair.tall .arrow{display:none}
.pair.tall .v{display:block;border-radius:6px;padding:.35rem .6rem}
.pair.tall del .v{background:var(--del-ground)}.pair.tall ins .v{background:var(--add-ground)}
.sides{margin:0;display:grid;gap:.2rem}
.sides div{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.6rem}
.sides dt{color:var(--faint);font-size:.875rem}
.more pre.prose{font:inherit;font-size:.9375rem}
pre{margin:.35rem 0 0;padding:.6rem .8rem;background:var(--sunken);border-radius:7px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
.more{margin-top:.35rem}
.more>summary{display:inline-block;cursor:pointer;color:var(--accent);font-size:.875rem;list-style:none}
.more>summary::before{content:"▸ ";content:"▸ "/""}.more[open]>summary::before{content:"▾ ";content:"▾ "/""}
.risks{list-style:none;padding:0;margin:0;display:grid;gap:.6rem}
.risks>li{background:var(--mod-ground);border-radius:10px;padding:.65rem 1rem}
.risks h3{color:var(--mod)}
.risks ul,.plain{list-style:none;padding:0;margin:.2rem 0 0;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem}
.references{padding-left:1.1rem;font-size:.9375rem;overflow-wrap:anywhere}
.unresolved{background:var(--del-ground);color:var(--del);border-radius:10px;padding:.7rem 1rem;margin-top:1.4rem;font-weight:500}
.unresolved a{color:inherit}
.empty{padding:2rem 0;color:var(--faint)}
.tablebox{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;padding:.45rem 1rem;border-top:1px solid var(--line);font-weight:400;overflow-wrap:anywhere;vertical-align:baseline}
thead th{border-top:0;color:var(--faint);font-size:.8125rem}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.verified{color:var(--add)}
footer{border-top:1px solid var(--line);padding-block:1.2rem 2.5rem;margin-top:1rem}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:0;font-size:.8125rem}
.facts dt{color:var(--faint)}
`;

const NARROW = `
@media (max-width:46rem){
.bar{position:static}
html{scroll-padding-top:1rem}
.item,.body,.head{scroll-margin-top:1rem}
.layout{display:none}
.body{padding:.1rem .85rem .9rem}
.item>:is(summary,.head){padding:.6rem 2.4rem .6rem .85rem}
.tally{gap:.4rem}.tally li{padding:.25rem .7rem .3rem}.tally b{font-size:1.2rem}
.row{grid-template-columns:minmax(0,1fr)}
.row>dd{padding-left:1.2rem}.row:has(.diff)>dd{padding-left:0}
.sides div{grid-template-columns:5.2rem minmax(0,1fr);gap:.4rem}
th,td{padding:.4rem .7rem}
}
@media (prefers-reduced-motion:no-preference){.item>summary::after{transition:transform .12s}}
@media print{:root{color-scheme:light}.bar,.skip,.switch,.actions{display:none}.item{break-inside:avoid-page;box-shadow:none}details::details-content{content-visibility:visible;block-size:auto}}
@media (forced-colors:active){mark{text-decoration:underline}.switch input:checked+span,.chips input:checked+span{outline:2px solid Highlight}}
`;

export const STYLE = [COLOURS, BASE, CONTROLS, ITEMS, DIFF_STYLE, GRAPH_STYLE, NARROW].join("");

/** The style sheet of all pages. */
export const PAGES_CSS = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #14161a);
  --card: light-dark(#fff, #1c1f25);
  --ink: light-dark(#1b1d22, #eceae4);
  --soft: light-dark(#565b66, #a9aeb9);
  --line: light-dark(#dedbd3, #33373f);
  --edge: light-dark(#8a8f99, #6d7480);
  --accent: light-dark(#1f4fbf, #8fb1ff);
  --on-accent: light-dark(#fff, #0d1220);
  --good: light-dark(#17683f, #7fd3a4);
  --bad: light-dark(#a3231f, #ff9d95);
  --on-bad: light-dark(#fff, #2a0806);
  --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
h1 { margin: 0 0 16px; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; }
h2 { margin: 32px 0 12px; font-size: 1.125rem; line-height: 1.33; font-weight: 650; text-wrap: balance; }
p { margin: 0 0 16px; }
a { color: var(--accent); text-underline-offset: 0.2em; }
ul, ol { margin: 0 0 16px; padding-inline-start: 20px; }
hr { margin: 24px 0; border: 0; border-top: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
[hidden] { display: none; }

.skip { position: absolute; inset-inline-start: 16px; top: -100px; padding: 12px 16px; background: var(--card); border: 1px solid var(--edge); border-radius: 6px; z-index: 1; }
.skip:focus { top: 8px; }
.top, main, .foot { width: 100%; max-width: 64rem; margin-inline: auto; padding-inline: 16px; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 24px; padding-block: 12px; border-bottom: 1px solid var(--line); }
.site { font-weight: 650; color: var(--ink); text-decoration: none; gap: 8px; }
.logo { height: 28px; max-width: 160px; object-fit: contain; }
.site, .top nav a, .who a { display: inline-flex; align-items: center; min-height: 44px; }
.top nav ul, .foot ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; }
.top nav a { color: var(--soft); text-decoration: none; border-block: 2px solid transparent; }
.top nav a:hover { color: var(--ink); }
.top nav [aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
.who { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-inline-start: auto; font-size: 0.875rem; }
.who > span { min-width: 0; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who form { margin: 0; }
main { padding-block: 32px; flex: 1; }
.foot { padding-block: 16px 24px; font-size: 0.875rem; }
.foot a { display: inline-flex; align-items: center; min-height: 32px; color: var(--soft); }
.foot [aria-current] { color: var(--ink); text-decoration: none; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 24px; }
.sign-in .top { border-bottom: 0; }
.sign-in main { max-width: 26rem; width: calc(100% - 32px); margin-top: 6vh; flex: 0 0 auto; }
.sign-in .foot { margin-top: auto; }
.stack > * { margin-block: 0; }
.stack > * + * { margin-top: 16px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; }
.row > * { min-width: 0; max-width: 100%; overflow-wrap: anywhere; }
.row form, .card .row form + form { margin: 0; }
.spread { justify-content: space-between; }
.spread > * { margin-block: 0; }
.spread:has(> h1) { margin-bottom: 16px; }
.narrow { max-width: 32rem; }
.small { font-size: 0.875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
form { margin: 0 0 16px; }

.field { margin-bottom: 16px; }
.field label, legend { display: block; margin-bottom: 4px; font-weight: 550; }
legend { padding: 0; }
fieldset { margin: 0 0 16px; padding: 0; border: 0; min-width: 0; }
input, select, textarea { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 6px; }
input[type="checkbox"], input[type="radio"] { width: 20px; height: 20px; min-height: 0; margin: 0; flex: none; accent-color: var(--accent); }
.check { display: flex; align-items: center; gap: 12px; min-height: 44px; margin-bottom: 12px; }
.check:has(+ .hint) { min-height: 0; margin-bottom: 0; }
.check + .hint { margin: 0 0 16px; padding-inline-start: 32px; }
[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.hint { color: var(--soft); font-size: 0.875rem; }
.field .hint, .field .wrong { display: block; margin-top: 4px; font-size: 0.875rem; }
.wrong { color: var(--bad); }

.button, button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 44px; padding: 8px 20px; font: inherit; font-weight: 550; text-align: center; text-decoration: none; color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 6px; cursor: pointer; transition: background-color 120ms; }
.button:hover, button:hover { background: color-mix(in oklab, var(--accent), var(--ink) 18%); }
.second { color: var(--ink); background: transparent; border-color: var(--edge); }
.second:hover { background: color-mix(in oklab, var(--card), var(--ink) 7%); }
.danger { color: var(--on-bad); background: var(--bad); }
.danger:hover { background: color-mix(in oklab, var(--bad), var(--ink) 18%); }
button.link { min-height: 44px; padding: 0; font-weight: inherit; color: var(--accent); background: none; border: 0; text-decoration: underline; text-underline-offset: 0.2em; }
button:disabled { opacity: 0.6; cursor: default; }
.card form > button, .card > .button, .wide { width: 100%; }
.card form > button + button, .card .button + .button, .card form + form { margin-top: 12px; }
.card form > button.link { width: auto; }
.card p > .button { width: 100%; }
.card .row > .button { flex: 1 1 auto; width: auto; margin-block: 0; }
.card > .button + p { margin-top: 16px; }
.or + .stack > button:first-of-type { margin-top: 0; }
.card > :last-child, .card > form:last-child > :last-child { margin-bottom: 0; }
.or { display: flex; align-items: center; gap: 12px; margin: 16px 0; color: var(--soft); font-size: 0.875rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }

.problem, .good, .note { margin: 0 0 16px; padding: 8px 12px; border-inline-start: 3px solid var(--edge); background: color-mix(in oklab, var(--card), var(--ink) 4%); }
.problem { border-color: var(--bad); }
.problem::before { content: "!\\a0" / ""; font-weight: 700; color: var(--bad); }
.good { border-color: var(--good); }
.good::before { content: "\\2713\\a0" / ""; font-weight: 700; color: var(--good); }
.problem ul { margin: 4px 0 0; }

.badge { display: inline-block; padding: 0 8px; border: 1px solid var(--edge); border-radius: 14px; font-size: 0.875rem; color: var(--soft); max-width: 100%; }
.badge.is-good { color: var(--good); border-color: currentcolor; }
.badge.is-bad { color: var(--bad); border-color: currentcolor; }
.code, code, kbd { font-family: var(--mono); font-size: 0.9375em; overflow-wrap: anywhere; }
.number { text-align: end; }
.list { margin: 0 0 16px; padding: 0; list-style: none; }
.list > li { padding-block: 12px; border-top: 1px solid var(--line); }
.list > li:first-child { border-top: 0; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 8px 24px; margin: 0 0 16px; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }

.table { width: 100%; border-collapse: collapse; margin-bottom: 16px; }
.table caption { text-align: start; color: var(--soft); font-size: 0.875rem; padding-bottom: 8px; }
.table td, .table tbody th, .list > li, dd, h1, h2, legend, label, summary { overflow-wrap: anywhere; }
.table td { min-width: 5rem; }
.table th, .table td { padding: 8px 12px; text-align: start; vertical-align: middle; border-bottom: 1px solid var(--line); }
.table th:first-child, .table td:first-child { padding-inline-start: 0; }
.table th:last-child, .table td:last-child { padding-inline-end: 0; }
.table th { color: var(--soft); font-size: 0.875rem; font-weight: 550; }
.table tbody th { color: var(--ink); font-size: 1rem; min-width: 10rem; }
.table tbody th .hint { font-weight: 400; }
.table time, .table .button, .table button { white-space: nowrap; }
.table .under time { white-space: normal; }
.under { display: block; min-width: 9rem; color: var(--soft); font-size: 0.875rem; font-weight: 400; }
.secret { max-width: 36rem; padding: 12px 16px; background: var(--card); border: 1px dashed var(--edge); border-radius: 8px; user-select: all; }
.table .number { text-align: end; }
.table form { margin: 0; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 24px; padding: 0; list-style: none; border-bottom: 1px solid var(--line); }
.tabs a { display: inline-flex; align-items: center; min-height: 44px; margin-bottom: -1px; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; }
.tabs [aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
.pager { display: flex; flex-wrap: wrap; gap: 12px; justify-content: space-between; }
.filters { display: flex; flex-wrap: wrap; align-items: end; gap: 12px; margin-bottom: 24px; }
.filters > .field { margin: 0; flex: 1 1 11rem; max-width: 20rem; }
.plot { margin: 0 0 24px; }
.plot svg { display: block; width: 100%; height: auto; }
details > summary { min-height: 44px; display: list-item; padding-block: 10px; cursor: pointer; color: var(--accent); }
.qr svg { display: block; width: 100%; height: auto; }
.qr { display: block; width: 12rem; max-width: 100%; height: auto; margin: 0 auto 16px; background: #fff; forced-color-adjust: none; }

@media (max-width: 40rem) {
  h1 { font-size: 1.375rem; }
  .top { row-gap: 0; }
  .top .who { width: 100%; margin: 0; flex-wrap: nowrap; }
  .who > a, .who > form { flex: none; }
  .filters > .field { max-width: none; flex-basis: 100%; }
  .table, .table caption, .table tbody, .table tr, .table td, .table tbody th { display: block; }
  .table thead, .table thead tr, .table thead th { display: block; position: absolute; width: 1px; height: 1px; padding: 0; border: 0; overflow: hidden; white-space: nowrap; clip-path: inset(50%); }
  .table tr { padding-block: 12px; border-bottom: 1px solid var(--line); }
  .table td, .table tbody th { padding: 4px 0; border: 0; text-align: start; }
  .table td[data-label] { display: grid; grid-template-columns: 7rem minmax(0, 1fr); column-gap: 8px; }
  .table td[data-label]::before { content: attr(data-label); grid-row: 1 / span 9; color: var(--soft); font-size: 0.875rem; line-height: 1.5rem; }
  .table td[data-label] > * { grid-column: 2; justify-self: start; }
  .table time { white-space: normal; }
  .table .number { text-align: start; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 12px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
@media (forced-colors: active) {
  .problem, .good, .note, .button, button { border: 1px solid; }
  .top nav a, .tabs a { border-color: Canvas; }
  .top nav [aria-current], .tabs [aria-current] { border-bottom-color: Highlight; }
}
@media print { .top, .foot, .skip, button, .button { display: none; } }

/* What features add stands below, each in a section of its own. */

/* A table whose rows come and go by themselves, and what is said in its place. */
.table:not(:has(tbody tr)), .table:has(tbody tr) + .none { display: none; }
/* Account. */
.account .card { margin-bottom: 24px; }
.card > h2:first-child { margin-top: 0; }
.card > form:last-child, .card > form:last-child > .row:last-child, .card > .settings:last-child { margin-bottom: 0; }
.settings:not(.card) > li:first-child { padding-top: 0; }
.settings:not(.card) > li:last-child { padding-bottom: 0; }
.settings.card { padding: 4px 24px; }
.settings > li { gap: 8px 24px; }
.card.settings > li > .button, .card .settings > li > .button { flex: none; }
.settings > li > div:first-child { flex: 1 1 16rem; min-width: 0; }
.settings > li ul { margin: 4px 0; }
.account .note { margin-bottom: 24px; }
.codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: 8px; margin: 0 0 16px; padding: 16px; max-width: 36rem; list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.steps > li { margin-bottom: 24px; }
.steps .qr { margin-inline: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
.print-only { display: none; }
@media (max-width: 40rem) { .card.settings > li > .button, .card .settings > li > .button, .card.settings > li > form { flex: 1 1 100%; } }
@media print { .print-only { display: block; } .account .note { display: none; } }
/* Live lists. */
.table .place { min-width: 8.5rem; }

/* The overview's health. */
.health { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 100%), 1fr)); gap: 16px; }
.health > div { padding: 12px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.health dt { font-size: 0.875rem; }

/* Plots. */
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(28rem, 100%), 1fr)); gap: 16px 32px; }
.plot figcaption { font-weight: 550; margin-bottom: 8px; }
.plot-frame { display: grid; grid-template-columns: max-content 1fr; gap: 4px 8px; font-size: 0.8125rem; color: var(--soft); }
.plot-y { display: flex; flex-direction: column; justify-content: space-between; text-align: end; line-height: 1; min-width: 3rem; }
.plot .plot-area { height: 7.5rem; overflow: visible; }
.plot-x { grid-column: 2; display: flex; justify-content: space-between; }
.plot-grid { fill: none; stroke: var(--line); vector-effect: non-scaling-stroke; }
.plot-line { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.plot-1 { stroke: var(--accent); }
.plot-2 { stroke: var(--bad); }
.plot-3 { stroke: var(--good); }
.plot-4 { stroke: var(--soft); }
.plot-bars { fill: var(--accent); stroke: none; }
.plot-legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0 0; padding: 0; list-style: none; font-size: 0.875rem; }
.plot-legend li { display: inline-flex; align-items: center; gap: 8px; }
.plot .plot-key { width: 2rem; height: 0.5rem; }
.plot-table { border-collapse: collapse; font-size: 0.875rem; }
.plot-table th, .plot-table td { padding: 2px 16px 2px 0; text-align: start; font-weight: 400; }
.plot-table thead th { color: var(--soft); }
@media (forced-colors: active) { .plot-line { stroke: CanvasText; } .plot-bars { fill: CanvasText; } .plot-grid { stroke: GrayText; } }
/* Admins' pages. */
.block { display: block; font-weight: 400; }
.table ul.plain { margin: 0; padding: 0; list-style: none; }
.events td, .events th { vertical-align: top; }
.events details > summary { min-height: 0; padding-block: 0; }
.events details[open] > summary { margin-bottom: 8px; }
td .facts { grid-template-columns: 1fr; gap: 0; font-size: 0.875rem; }
td .facts dd { margin-bottom: 8px; overflow-wrap: anywhere; }
.section { border-top: 1px solid var(--line); }
.section > summary { font-weight: 550; color: var(--ink); }
`
  .replace(/\/\*[\s\S]*?\*\//g, '')
  .replace(/\n+ */g, '\n')
  .trim();

import { CUSTOM_PROPERTIES } from '../look/custom-properties';

/**
 * The style sheet of every page that the server shows. It styles plain HTML: headings, lists, tables, forms, code, `<details>`. The
 * classes are `primary` for the one button that matters, `muted`, `good`, `warn` and `bad` for text, `number` for cells of a table,
 * `scroll` around a wide table, and `notice` for what a person must read.
 */
export const PAGE_STYLE = `${CUSTOM_PROPERTIES}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--sojourn-bg);color:var(--sojourn-text);font:400 16px/1.45 var(--sojourn-font);font-variant-numeric:tabular-nums;overflow-wrap:break-word}
body>header,main{max-inline-size:768px;margin-inline:auto;padding-inline:24px}
.wide>header,.wide main{max-inline-size:1248px}
body>header{display:flex;align-items:center;gap:8px;padding-block:24px 0;font-size:14px;font-weight:600}
body>header svg{flex:none;inline-size:44px;block-size:16px;color:var(--sojourn-accent);forced-color-adjust:auto}
main{padding-block:32px 48px}
h1,h2,h3,h4{margin:32px 0 12px;font-weight:600;line-height:1.2;text-wrap:balance}
h1{margin-block-start:0;font-size:28px}
h2{font-size:20px}
h3{font-size:16px}
h4{font-size:14px}
p,ul,ol,dl,pre,table,form,fieldset,details{margin:0 0 16px}
p,li,dd{max-inline-size:68ch}
ul,ol{padding-inline-start:24px}
li+li{margin-block-start:4px}
a{color:var(--sojourn-accent);text-underline-offset:3px}
hr{margin:24px 0;border:0;border-block-start:1px solid var(--sojourn-hairline)}
small,.small{font-size:13px}
.muted,figcaption,caption{color:var(--sojourn-muted)}
.good{color:var(--sojourn-good)}
.warn{color:var(--sojourn-warn)}
.bad{color:var(--sojourn-bad)}
.notice{padding:12px 16px;border-radius:var(--sojourn-radius);background:var(--sojourn-tint)}
code,pre,kbd{font:13px/1.45 ui-monospace,monospace}
pre{overflow-x:auto;padding:12px 16px;border-radius:var(--sojourn-radius);background:var(--sojourn-surface)}
.scroll{overflow-x:auto;margin-block-end:16px}
.scroll>table{margin:0}
table{border-collapse:collapse;font-size:14px}
caption{padding-block-end:8px;font-size:13px;text-align:start}
th,td{padding:8px 16px 8px 0;border-block-end:1px solid var(--sojourn-hairline);text-align:start;vertical-align:top}
thead th{color:var(--sojourn-muted);font-size:13px;font-weight:400;white-space:nowrap}
.number{text-align:end;white-space:nowrap}
label{display:block;margin-block-end:4px;font-weight:600}
button,.button,input,select,textarea{min-block-size:36px;padding:4px 12px;border:1px solid var(--sojourn-border);border-radius:var(--sojourn-radius-control);background:var(--sojourn-bg);color:inherit;font:inherit}
button,.button{display:inline-flex;align-items:center;justify-content:center;padding-inline:16px;font-weight:600;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--sojourn-surface)}
.primary,.primary:hover{border-color:var(--sojourn-accent);background:var(--sojourn-accent);color:var(--sojourn-on-accent)}
:disabled{border-color:var(--sojourn-hairline);background:var(--sojourn-surface);color:var(--sojourn-muted);cursor:not-allowed}
summary{padding-block:8px;cursor:pointer}
:focus-visible{outline:2px solid var(--sojourn-accent);outline-offset:2px;border-radius:2px}
button:focus-visible,.button:focus-visible{border-radius:var(--sojourn-radius-control)}
@media (pointer:coarse){button,.button,input,select,textarea,summary{min-block-size:44px}}
@media (max-width:480px){body>header,main{padding-inline:16px}body>header{padding-block-start:16px}main{padding-block-start:24px}h1{font-size:24px}}
@media print{body>header{padding:0}button,.button{display:none}}
`;

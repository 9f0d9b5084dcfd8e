import { declarations } from '../../look/custom-properties';

/** The style sheet of the page, beside that of all pages. A theme that is chosen is that of the stage alone. */
export const PAGE_STYLE = `
.board{display:grid;grid-template-columns:220px minmax(0,1fr);grid-template-areas:"list sheet";gap:32px}
.sheet{grid-area:sheet}
.list{grid-area:list;align-self:start;position:sticky;inset-block-start:0;max-block-size:100vh;overflow-y:auto;padding:4px;margin:-4px}
.list h2{margin:16px 0 4px;padding-inline:8px;color:var(--sojourn-muted);font-size:13px;font-weight:400}
.list h2:first-child{margin-block-start:0}
.list ul{margin:0;padding:0;list-style:none}
.list li+li{margin:0}
.list a{display:flex;justify-content:space-between;gap:8px;align-items:center;min-block-size:32px;padding:4px 8px;border-radius:var(--sojourn-radius-control);color:inherit;font-size:14px;text-decoration:none;overflow-wrap:anywhere}
.list a:hover{background:var(--sojourn-surface)}
.list a[aria-current]{background:var(--sojourn-tint);font-weight:600}
.list .bad{font-size:13px;font-weight:400}
.to-list{display:none}
.sheet>h1{margin-block-end:4px;overflow-wrap:anywhere}
.switches{display:flex;flex-wrap:wrap;gap:12px 24px;margin-block-end:16px}
.choices{display:flex;flex-wrap:wrap;gap:4px;margin-block-start:4px}
.choices a{display:inline-flex;align-items:center;min-block-size:32px;padding:0 12px;border:1px solid var(--sojourn-border);border-radius:var(--sojourn-radius-control);color:inherit;font-size:14px;text-decoration:none}
.choices a:hover{background:var(--sojourn-surface)}
.choices a[aria-current]{border-color:var(--sojourn-accent);background:var(--sojourn-tint);font-weight:600}
.stage{padding:24px;border:1px solid var(--sojourn-hairline);border-radius:var(--sojourn-radius);background:var(--sojourn-surface);color:var(--sojourn-text)}
.stage.light{color-scheme:light;${declarations(0)}}
.stage.dark{color-scheme:dark;${declarations(1)}}
.stage section+section{margin-block-start:32px;padding-block-start:32px;border-block-start:1px solid var(--sojourn-hairline)}
.stage h2{margin-block-start:0}
.stage.phone section{max-inline-size:375px;margin-inline:auto}
.stage dl{display:grid;grid-template-columns:minmax(96px,max-content) minmax(0,1fr);gap:4px 16px;margin-block-end:16px;font-size:14px}
.stage.phone dl{grid-template-columns:1fr;gap:0}
.stage dt{color:var(--sojourn-muted)}
.stage dd{margin:0;overflow-wrap:anywhere}
.stage.phone dd{margin-block-end:8px}
.stage iframe{display:block;inline-size:100%;block-size:480px;margin-block-end:8px;border:1px solid var(--sojourn-hairline);border-radius:var(--sojourn-radius);background:canvas}
.stage pre{background:var(--sojourn-bg);white-space:pre-wrap;overflow-wrap:anywhere}
.stage details{margin:0}
.text{white-space:pre-line;overflow-wrap:anywhere}
.card,.bubble{max-inline-size:360px;margin-block-end:16px;padding:16px;border:1px solid var(--sojourn-hairline);border-radius:var(--sojourn-radius);background:var(--sojourn-bg)}
.bubble{border:0;border-end-start-radius:4px;background:var(--sojourn-tint)}
.card>:last-child,.bubble>:last-child{margin-block-end:0}
.card h3{margin:0 0 4px}
.card img{display:block;max-inline-size:100%;max-block-size:180px;margin-block-end:8px;border-radius:var(--sojourn-radius-control)}
.card ol{margin-block-end:8px}
.app{display:flex;align-items:center;gap:8px;margin-block-end:8px;font-size:13px}
.app svg{color:var(--sojourn-accent)}
.buttons,.checks{margin:8px 0 0;padding:0;list-style:none}
.buttons{display:flex;flex-wrap:wrap;gap:8px}
.buttons li{margin:0;padding:4px 12px;border:1px solid var(--sojourn-border);border-radius:var(--sojourn-radius-control);font-size:14px}
progress{inline-size:100%;accent-color:var(--sojourn-accent)}
.problems pre{border-inline-start:3px solid var(--sojourn-bad);border-start-start-radius:0;border-end-start-radius:0;white-space:pre;overflow-x:auto}
@media (pointer:coarse){.list a,.choices a{min-block-size:44px}}
@media (max-width:800px){
.board{display:block}
.to-list{display:block;margin-block-end:16px}
.switches nav:last-child{display:none}
.list{position:static;max-block-size:none;margin-block-start:32px;padding-block-start:16px;border-block-start:1px solid var(--sojourn-hairline)}
.stage{padding:16px}
.stage dl{grid-template-columns:1fr;gap:0}
.stage dd{margin-block-end:8px}
}`;

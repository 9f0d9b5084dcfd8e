import { TOKENS } from '../tokens';

/** What every element of the SDK starts from: the tokens, text, buttons, focus, motion. */
const BASE = `${TOKENS}
:host{all:initial;color-scheme:inherit;display:block;font:400 14px/1.45 var(--_font);font-variant-numeric:tabular-nums;color:var(--_text);text-align:start;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box}
h2,p,ul,ol,fieldset,legend,figure{margin:0;padding:0;border:0}
ul,ol{list-style:none}
h2{font-size:16px;line-height:1.2;font-weight:600}
p{max-inline-size:68ch;white-space:pre-line}
img,video{display:block;inline-size:100%;block-size:auto;border-radius:var(--_radius-control)}
.muted{color:var(--_muted)}
.small{font-size:13px}
.sr{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icon{inline-size:20px;block-size:20px;flex:none;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.column{display:flex;flex-direction:column;gap:12px}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.button{all:unset;box-sizing:border-box;display:inline-flex;align-items:center;justify-content:center;gap:8px;min-block-size:36px;padding:4px 16px;border:1px solid var(--_border);border-radius:var(--_radius-control);font-weight:600;text-align:center;cursor:pointer}
.button:hover{background:var(--_surface)}
.primary{background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent)}
.primary:hover{background:var(--_accent);filter:brightness(1.08)}
.quiet{border-color:transparent;color:var(--_muted);padding-inline:8px}
.quiet:hover{color:var(--_text)}
.button:disabled{opacity:.5;cursor:default}
.thanks{display:flex;gap:12px;align-items:center;min-block-size:44px}
.thanks .icon{color:var(--_good)}
.step{margin-inline-start:auto}
.button.close{min-inline-size:32px;min-block-size:32px;padding:0}
@media (pointer:coarse){.button{min-block-size:44px}.button.close{min-inline-size:44px;min-block-size:44px}}
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
.panel:focus-visible,[tabindex='-1']:focus-visible{outline:none}
.bar{block-size:8px;border-radius:4px;background:var(--_hairline);overflow:hidden}
.bar>i{display:block;block-size:100%;border-radius:4px;background:var(--_accent);transform-origin:left;transform:scaleX(var(--_value))}
:host(:dir(rtl)) .bar>i{transform-origin:right}
@media (prefers-reduced-motion:no-preference){
.panel{animation:in .12s ease-out}
:host([closing]) .panel{animation:out .16s ease-out forwards}
.bar>i,.fill{transition:transform .4s ease-out}
}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
@keyframes out{to{opacity:0;transform:translateY(8px)}}
@media (forced-colors:active){.panel,.bar{border:1px solid CanvasText}.bar>i,.fill{forced-color-adjust:none;background:Highlight}.primary{forced-color-adjust:none;background:ButtonText;color:ButtonFace;border-color:ButtonText}}`;

/** The panel that floats in the lower corner at the reading end, and is as wide as the screen on a phone. */
export const CORNER = `
:host{position:fixed;z-index:var(--_layer);inset-block-end:calc(16px + var(--_offset));inset-inline-end:16px;inline-size:360px}
.panel{padding:16px}
@media (max-width:480px){
:host{inset-inline:0;inset-block-end:var(--_offset);inline-size:auto}
.panel{border-end-start-radius:0;border-end-end-radius:0;padding-block-end:calc(16px + env(safe-area-inset-bottom))}
}`;

/** What every panel that floats is drawn on, and where its close button is. */
export const FLOATING = `
.panel{position:relative;background:var(--_bg);border:1px solid var(--_edge);border-radius:var(--_radius);box-shadow:0 8px 28px var(--_shadow);max-block-size:calc(100dvh - 32px);overflow:auto;overscroll-behavior:contain}
.head{padding-inline-end:32px}
.panel>.close{position:absolute;inset-block-start:8px;inset-inline-end:8px}
@media (pointer:coarse){.panel>.close{inset-block-start:2px;inset-inline-end:2px}}`;

const sheets = new Map<string, CSSStyleSheet>();

/**
 * Gives a shadow root its styles. Constructed style sheets are shared by all elements, and no Content Security Policy holds them back. A browser
 * that can't construct them gets a style element with the nonce.
 */
export function addStyles(root: ShadowRoot, css: string, nonce: string | undefined): void {
  if (!('adoptedStyleSheets' in root)) {
    const style = document.createElement('style');
    style.textContent = BASE + css;
    if (nonce) style.nonce = nonce;
    (root as ShadowRoot).append(style);
    return;
  }
  root.adoptedStyleSheets = [sheet(BASE), sheet(css)];
}

function sheet(css: string): CSSStyleSheet {
  let made = sheets.get(css);
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(css);
    sheets.set(css, made);
  }
  return made;
}

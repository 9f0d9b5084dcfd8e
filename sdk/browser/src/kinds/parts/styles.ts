import { TOKENS } from '../tokens';

/**
 * What every element of the SDK starts from: the tokens, text, rows, controls, the panel that floats, motion. The way of writing is always
 * horizontal, so only what begins and ends a line is named by its side of the text.
 */
const BASE = `${TOKENS}
:host{all:initial;color-scheme:inherit;display:block;font:14px/1.45 var(--_font);font-variant-numeric:tabular-nums;color:var(--_text);overflow-wrap:anywhere;--_target:36px}
@media (pointer:coarse){:host{--_target:44px}}
*{box-sizing:border-box}
h2,h3,h4,p,ul,ol,fieldset,legend{all:unset;display:block}
h2,legend{font-size:16px;line-height:1.2;font-weight:600}
p{max-width:68ch;white-space:pre-line}
img,video{display:block;width:100%;height:auto;border-radius:var(--_radius-control)}
.muted{color:var(--_muted)}
.small{font-size:13px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icon{width:20px;height:20px;flex:none;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.column,.options,.card,fieldset{display:flex;flex-flow:column;gap:12px}
.options,.card{gap:8px}
.button,.option,.cell,:where(.input){all:unset;box-sizing:border-box;position:relative;min-height:44px;padding:8px 12px;border:1px solid var(--_border);border-radius:var(--_radius-control);cursor:pointer}
.row,.button,.option,.thanks,.step-row,.measure,.badge{display:flex;align-items:center;gap:8px}
.row{flex-wrap:wrap}
.row:empty,.outcome:empty,.total:empty{display:none}
.button:hover,.option:hover,.cell:hover{background:var(--_surface)}
.button{justify-content:center;min-height:var(--_target);padding:4px 16px;font-weight:600;text-align:center}
.primary,.primary:hover{background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent)}
.primary:hover{filter:brightness(1.08)}
.quiet{border-color:transparent;color:var(--_muted);padding-inline:8px}
.quiet:hover{color:var(--_text)}
.button:disabled{opacity:.5;cursor:default}
button.close{flex:none;width:var(--_target);padding:0}
.panel>.close,.card>.close{position:absolute;top:calc(24px - var(--_target)/2);inset-inline-end:calc(24px - var(--_target)/2)}
.head{padding-inline-end:32px}
::placeholder{color:var(--_muted)}
.thanks .icon{color:var(--_good)}
.step{margin-inline-start:auto}
:is(:focus-visible,label:has(:focus-visible)){outline:2px solid var(--_accent);outline-offset:2px}
[tabindex='-1']:focus-visible,label input:focus-visible{outline:none}
.bar{height:8px;border-radius:4px;background:var(--_hairline);overflow:hidden}
.bar i{display:block;height:100%;border-radius:4px;background:var(--_accent)}
i{transform-origin:left;transform:scaleX(var(--_value))}
:host(:dir(rtl)) i{transform-origin:right}
.panel{position:relative;padding:16px;background:var(--_bg);border:1px solid var(--_edge);border-radius:var(--_radius);box-shadow:0 8px 28px var(--_shadow);max-height:calc(100dvh - 32px);overflow:auto;overscroll-behavior:contain}
@media (max-width:480px){.panel{border-radius:var(--_radius) var(--_radius) 0 0}}
@media (prefers-reduced-motion:no-preference){
.panel{animation:in .12s ease-out}
:host([closing]) .panel{animation:out .16s ease-out forwards}
i{transition:transform .4s ease-out}
}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
@keyframes out{to{opacity:0;transform:translateY(8px)}}
@media (forced-colors:active){.bar,.badge{border:1px solid}.bar i,.fill,.dot,.primary,.done .mark,label:has(:checked){forced-color-adjust:none;background:Highlight;color:HighlightText}}`;

/** Where most kinds stand: in the lower corner at the reading end. On a phone they are as wide as the screen. */
export const CORNER = `
:host{position:fixed;z-index:var(--_layer);bottom:calc(16px + var(--_offset));inset-inline-end:16px;width:360px}
@media (max-width:480px){
:host{inset-inline:0;bottom:var(--_offset);width:auto}
.panel{padding-bottom:calc(16px + env(safe-area-inset-bottom))}
}`;

/**
 * Gives a shadow root its styles. No Content Security Policy holds a constructed style sheet back. A browser that can't construct one gets a
 * style element with the nonce.
 */
export function addStyles(root: ShadowRoot, css: string, nonce: string | undefined): void {
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(BASE + css);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement('style');
  style.textContent = BASE + css;
  if (nonce) style.nonce = nonce;
  (root as ShadowRoot).append(style);
}

import { buttons, picture, words } from './parts/content';
import { renderer } from './parts/frame';
import { h } from './parts/h';
import { icon } from './parts/icons';
import { CORNER, FLOATING } from './parts/styles';
import { fill, texts } from './settings';

/** The badge moves once. */
const CSS = `
.content{align-items:center;text-align:center;gap:8px;padding-block-start:8px}
.head{padding-inline:32px}
.badge{display:grid;place-items:center;inline-size:64px;block-size:64px;border-radius:50%;background:var(--_tint);color:var(--_accent);margin-block-end:4px}
.badge .icon{inline-size:32px;block-size:32px}
.earned{display:flex;flex-wrap:wrap;justify-content:center;gap:4px 16px;font-weight:600;color:var(--_accent)}
.earned span{display:flex;align-items:center;gap:4px}
.row{justify-content:center;margin-block-start:8px}
@media (prefers-reduced-motion:no-preference){.badge{animation:arrive .5s ease-out}}
@keyframes arrive{from{opacity:0;transform:scale(.7)}}`;

/** A badge, points or a streak that a person has earned. */
export const celebration = renderer({
  name: 'celebration',
  css: FLOATING + CORNER + CSS,
  role: 'dialog',
  draw: ({ show, actions }, { content }) => {
    const { badge, points, streak } = content;
    const t = texts();
    const sign = streak === undefined ? (badge === undefined ? 'star' : 'award') : 'flame';
    show(
      picture(content) ?? h('div.badge', {}, icon(sign)),
      ...words(content),
      h(
        'p.earned',
        {},
        badge && h('span', {}, badge),
        points !== undefined && h('span', {}, fill(t.points, points)),
        streak !== undefined && h('span', {}, fill(t.inARow, streak)),
      ),
      buttons(content, actions),
    );
  },
});

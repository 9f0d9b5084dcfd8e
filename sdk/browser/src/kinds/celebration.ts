import { buttons, picture, words } from './parts/content';
import { inCorner } from './parts/frame';
import { h } from './parts/h';
import { icon } from './parts/icons';
import { fill, texts } from './settings';

/** The badge moves once. */
const CSS = `.content{align-items:center;text-align:center;gap:8px;padding-top:8px}
.head{padding-inline:32px}
.badge{justify-content:center;width:64px;height:64px;border-radius:50%;background:var(--_tint);color:var(--_accent)}
.badge .icon{width:32px;height:32px}
.earned{gap:4px 16px;font-weight:600;color:var(--_accent)}
.row{justify-content:center}
@media (prefers-reduced-motion:no-preference){.badge{animation:arrive .5s ease-out}}
@keyframes arrive{from{opacity:0;transform:scale(.7)}}`;

/** A badge, points or a streak that a person has earned. */
export const celebration = inCorner('celebration', CSS, ({ show, actions }, { content }) => {
  const { badge, points, streak } = content;
  const sign = streak ? 'flame' : badge ? 'award' : 'star';
  show(
    picture(content) ?? h('div.badge', {}, icon(sign)),
    ...words(content),
    h(
      'p.earned.row',
      {},
      badge && h('span', {}, badge),
      !!points && h('span', {}, fill(texts.points, points)),
      !!streak && h('span', {}, fill(texts.inARow, streak)),
    ),
    buttons(content, actions),
  );
});

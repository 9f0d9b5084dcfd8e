import { h } from './parts/h';
import { icon } from './parts/icons';
import { Widget } from './parts/widget';
import { fill, texts } from './settings';

const CSS = `
:host{display:inline-block;max-inline-size:100%}
.profile{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px}
.points{font-size:20px;line-height:1.2;font-weight:600}
.badges{display:flex;flex-wrap:wrap;gap:8px}
.badges:empty{display:none}
.badge{display:flex;align-items:center;gap:4px;padding:4px 12px 4px 8px;border-radius:16px;background:var(--_tint);font-size:13px}
:host(:dir(rtl)) .badge{padding:4px 8px 4px 12px}
.badge .icon{color:var(--_accent)}
@media (forced-colors:active){.badge{border:1px solid CanvasText}}`;

/** `<sojourn-profile>`: the points and badges of the user. An app puts it where it likes. */
export class Profile extends Widget {
  constructor() {
    super(CSS);
    const body = h('div.profile');
    this.root.append(body);
    this.show = ({ profile: { points, badges } }) => {
      const t = texts();
      const shown = badges.map((badge) => h('li.badge', {}, icon('award'), named(badge)));
      body.replaceChildren(
        h('span.points', {}, fill(t.points, points)),
        h('ul.badges', { 'aria-label': t.badges }, ...shown),
      );
    };
  }
}

/** Journeys name badges in the manner of `first-order`. */
const named = (badge: string) => badge.charAt(0).toUpperCase() + badge.slice(1).replaceAll(/[-_]+/g, ' ');

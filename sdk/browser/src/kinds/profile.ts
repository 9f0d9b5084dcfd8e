import { h } from './parts/h';
import { icon } from './parts/icons';
import { Widget } from './parts/widget';
import { capitalized, fill, texts } from './settings';

const CSS = `:host{display:inline-block;max-width:100%}
.points{font-size:20px;line-height:1.2;font-weight:600}
.badge{gap:4px;padding:4px 12px;padding-inline-start:8px;border-radius:16px;background:var(--_tint);font-size:13px}
.badge .icon{color:var(--_accent)}`;

/** `<sojourn-profile>`: the points and badges of the user. An app puts it where it likes. */
export class Profile extends Widget {
  constructor() {
    super(CSS);
    const body = h('div.profile.row');
    this.root.append(body);
    this.show = ({ profile: { points, badges } }) => {
      const shown = badges.map((badge) => h('li.badge', {}, icon('award'), named(badge)));
      body.replaceChildren(
        h('span.points', {}, fill(texts.points, points)),
        h('ul.badges.row', { 'aria-label': texts.badges }, ...shown),
      );
    };
  }
}

/** Journeys name badges in the manner of `first-order`. */
const named = (badge: string) => capitalized(badge.replace(/[-_]+/g, ' '));

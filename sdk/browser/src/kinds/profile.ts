import type { Source, Widget } from '../renderer';
import type { State } from '../wire';
import { dress, ShadowElement } from './parts/element';
import { h } from './parts/h';
import { icon } from './parts/icons';
import { fill, texts } from './settings';

const CSS = `
:host{display:inline-block;max-inline-size:100%}
.profile{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px}
.points{font-size:20px;line-height:1.2;font-weight:600}
.badges{display:flex;flex-wrap:wrap;gap:8px}
.badge{display:flex;align-items:center;gap:4px;padding:4px 12px 4px 8px;border-radius:16px;background:var(--_tint);font-size:13px}
:host(:dir(rtl)) .badge{padding:4px 8px 4px 12px}
.badge .icon{color:var(--_accent)}
@media (forced-colors:active){.badge{border:1px solid CanvasText}}`;

/** `<sojourn-profile>`: the points and badges of the user. An app puts it where it likes. */
export class Profile extends ShadowElement implements Widget {
  private readonly body = h('div', { class: 'profile', part: 'profile' });

  constructor() {
    super();
    dress(this, CSS).append(this.body);
    this.entered = () => this.dispatchEvent(new Event('sojourn-connect', { bubbles: true, composed: true }));
  }

  show({ profile: { points, badges } }: State, _source: Source): void {
    const t = texts();
    const shown = badges.map((badge) => h('li', { class: 'badge', part: 'badge' }, icon('award'), named(badge)));
    this.body.replaceChildren(
      h('span', { class: 'points', part: 'points' }, fill(t.points, points)),
      ...(shown.length > 0 ? [h('ul', { class: 'badges', 'aria-label': t.badges }, ...shown)] : []),
    );
  }
}

/** Journeys name badges in the manner of `first-order`. */
function named(badge: string): string {
  const words = badge.replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

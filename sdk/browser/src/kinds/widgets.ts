import { Inbox } from './inbox';
import { Profile } from './profile';

/** Defines the elements that an app puts in its own page. Those of another copy of the SDK stay. */
export function defineWidgets(): void {
  for (const [tag, type] of [
    ['sojourn-inbox', Inbox],
    ['sojourn-profile', Profile],
  ] as const) {
    if (!customElements.get(tag)) customElements.define(tag, type);
  }
}

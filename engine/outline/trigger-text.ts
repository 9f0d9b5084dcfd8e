import { describeMs } from '../model/duration';
import type { Trigger } from '../authoring/trigger';

/** What lets users enter, as a person would say it. */
export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'event':
      return trigger.name;
    case 'milestone':
      return `${trigger.event.name}, times ${trigger.counts.join(', ')}`;
    case 'inactivity':
      return `no activity for ${describeMs(trigger.afterMs)}`;
    case 'stage':
      return `stage ${trigger.stage}`;
    case 'manual':
      return 'by hand';
  }
}

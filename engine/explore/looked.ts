import type { EventDefinition } from '../authoring/event';
import type { SendOutcome } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';
import { variantsOf, type Variant } from './variants';

/**
 * What a journey's code has been seen to look at: only there do other outcomes make a difference. It is found out about on the
 * way, so a walk that found out more has to begin again.
 */
export class ReadTracker {
  /** Sends whose `status` is looked at. */
  readonly sends = new Set<string>();
  private readonly properties = new Map<string, Set<string>>();

  /** How much has been found out. */
  get size(): number {
    return [...this.properties.values()].reduce((sum, { size }) => sum + size, this.sends.size);
  }

  /** What became of a send, as the code gets it. */
  atSend(step: string, outcome: SendOutcome): SendOutcome {
    const { sends } = this;
    return {
      ...outcome,
      get status() {
        sends.add(step);
        return outcome.status;
      },
    };
  }

  /** An event as the code gets it from a step, or at the entry. */
  atEvent<Event extends Pick<RecordedEvent, 'properties'>>(where: string, event: Event): Event {
    const read = this.readAt(where);
    const properties = new Proxy(event.properties, {
      get: (target, property) => {
        if (typeof property === 'string') read.add(property);
        return Reflect.get(target, property) as JsonObject[string];
      },
    });
    return { ...event, properties };
  }

  /** Examples of an event beside the catalogue's own: each differs in a property the code reads there. */
  variantsAt(where: string, definition: EventDefinition<unknown>): Variant[] {
    return variantsOf(definition, this.readAt(where));
  }

  private readAt(where: string): Set<string> {
    const known = this.properties.get(where);
    if (known) return known;
    const properties = new Set<string>();
    this.properties.set(where, properties);
    return properties;
  }
}

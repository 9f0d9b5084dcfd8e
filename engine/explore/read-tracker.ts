import type { EventDefinition } from '../authoring/event';
import { variantsOf, type Variant } from '../authoring/variants';
import type { SendOutcome } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';

/**
 * Tracks what a journey's code reads. Other outcomes can only make a difference where the code reads them. Reads are
 * discovered during a walk, so a walk that discovers a new one has to start over.
 */
export class ReadTracker {
  /** Sends of which the code reads the `status`. */
  readonly sends = new Set<string>();
  private readonly properties = new Map<string, Set<string>>();

  /** The number of different reads so far. */
  get size(): number {
    return [...this.properties.values()].reduce((sum, { size }) => sum + size, this.sends.size);
  }

  /** Wraps the outcome of a send, so that a read of its `status` is tracked. */
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

  /** Wraps an event that the code gets from a step or at entry, so that reads of its properties are tracked. */
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

  /**
   * Further examples of an event. Each differs from the catalogue's example in one property that the code reads there.
   */
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

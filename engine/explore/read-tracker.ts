import type { EventDefinition } from '../authoring/event';
import { combinationsOf, declaredVariantsOf, variantsOf, type Variant } from '../authoring/variants';
import type { SendOutcome } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';
import { numberless } from '../outline/numberless';

/**
 * Tracks what a journey's code reads. Other outcomes can only make a difference where the code reads them. Reads are
 * discovered during a walk, so a walk that discovers a new one has to start over.
 */
export class ReadTracker {
  /** What the code reads of the outcome of sends: the `status`, or also the `reason`. */
  readonly sends = new Map<string, 'status' | 'reason'>();
  private readonly properties = new Map<string, Set<string>>();

  /** The number of different reads so far. */
  get size(): number {
    const reasons = [...this.sends.values()].filter((read) => read === 'reason').length;
    return [...this.properties.values()].reduce((sum, { size }) => sum + size, this.sends.size + reasons);
  }

  /** Wraps the outcome of a send, so that reads of its `status` and its `reason` are tracked. */
  atSend(step: string, outcome: SendOutcome): SendOutcome {
    const { sends } = this;
    return {
      ...outcome,
      get status() {
        if (!sends.has(step)) sends.set(step, 'status');
        return outcome.status;
      },
      get reason() {
        sends.set(step, 'reason');
        return outcome.reason;
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
   * Further examples of an event: those that it declares, and others, each of which differs from the catalogue's example in one
   * property that the code reads there.
   * @param compared the values that the code compares with
   */
  variantsAt(where: string, definition: EventDefinition<unknown>, compared: readonly Json[]): Variant[] {
    return [...declaredVariantsOf(definition), ...variantsOf(definition, this.readAt(where), compared)];
  }

  /**
   * Examples of an event that differ from the catalogue's example in two properties that the code reads there.
   * @param compared the values that the code compares with, by the name of the property
   */
  combinationsAt(
    where: string,
    definition: EventDefinition<unknown>,
    compared: ReadonlyMap<string, readonly Json[]>,
  ): Variant[] {
    return combinationsOf(definition, this.readAt(where), compared);
  }

  /** The rounds of a loop read the same, and a walk must not start over for each of them. */
  private readAt(where: string): Set<string> {
    const place = numberless(where);
    const known = this.properties.get(place);
    if (known) return known;
    const properties = new Set<string>();
    this.properties.set(place, properties);
    return properties;
  }
}

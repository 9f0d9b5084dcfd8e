import type { Definitions } from '../definitions/definitions';
import { forgetAtOf } from '../model/forget-at';
import type { JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import type { UserEvent } from '../model/user-event';
import { enteringEvents } from '../user/triggers';

/** Stands for what was forgotten if the catalogue has no example of it. */
const FORGOTTEN = 'forgotten';

/**
 * The events of a stored life with something in place of what was forgotten since, so that the life goes as it went: the value of the
 * catalogue's example. In the replay it is forgotten at its time.
 */
export function withStandIns<Event extends Omit<UserEvent, 'pending'>>(
  events: readonly Event[],
  { forget, events: catalogue = [], journeys }: Pick<Definitions, 'forget' | 'events' | 'journeys'>,
): Event[] {
  const examples = (name: string): JsonObject =>
    [...catalogue, ...journeys.flatMap(enteringEvents)].find((event) => event.name === name)?.example ?? {};
  return events.map((event) => {
    const { name, properties, receivedAt } = event;
    const forgetAt = event.forgetAt ?? forgetAtOf(forget.get(name), properties, receivedAt);
    if (!forgetAt) return event;
    const gone = Object.keys(forgetAt).filter((property) => !Object.hasOwn(properties, property));
    const standIns = gone.map((property) => [property, getOwn(examples(name), property) ?? FORGOTTEN] as const);
    return { ...event, properties: { ...properties, ...Object.fromEntries(standIns) }, forgetAt };
  });
}

import { requireOneEvent, type EventDefinition } from '../authoring/event';
import type { JsonObject } from '../model/json';

/**
 * Refuses an event that the API refuses, of which no journey would ever hear.
 * @throws {TypeError} when it is no single event, or the properties do not pass the schema of the event
 */
export async function requireAccepted(event: EventDefinition<unknown>, properties: JsonObject): Promise<void> {
  requireOneEvent('track', event);
  const { name, schema } = event;
  const result = await schema?.['~standard'].validate(properties);
  if (!result?.issues) return;
  const problems = result.issues.map(({ message, path = [] }) => {
    const place = path.map((key) => String(typeof key === 'object' ? key.key : key)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new TypeError(`The API refuses this '${name}', which does not pass its schema: ${problems.join('; ')}`);
}

import { moduleIn } from '../../config/definitions-files';
import { loadModule } from '../../config/journey-modules';
import { isEvent, isObject } from '../../config/definitions-shape';
import type { JsonObject } from '../../engine/model/json';

/** The event that lets people enter a new journey. */
export interface EnteringEvent {
  /** The name by which `events.ts` exports it. */
  readonly name: string;
  readonly example: JsonObject;
}

/** The usual first event of a person. Where a project has none of this name, a new journey begins with the first event it exports. */
const USUAL = 'signedUp';

/**
 * Chooses an event of the catalogue.
 * @throws {Error} when the folder has no events
 */
export function enteringEvent(folder: string): EnteringEvent {
  const file = moduleIn(folder, 'events');
  const exported = file === null ? {} : loadModule(file);
  const events = Object.entries(isObject(exported) ? exported : {}).flatMap(([name, value]) =>
    isEvent(value) && value.schema !== null ? [{ name, example: value.example }] : [],
  );
  const chosen = events.find(({ name }) => name === USUAL) ?? events[0];
  if (!chosen) throw new Error(`${folder} has no events. Export one from events.ts: it lets people enter the journey.`);
  return chosen;
}

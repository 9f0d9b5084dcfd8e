import { join } from 'node:path';
import { SHIPPED_JOURNEYS, type Settings } from '../../config/env';

/** The journeys that ship, and those of the demo. */
export const DEMO_JOURNEYS = join(__dirname, 'journeys', 'index.ts');

/** Adds the journeys of the demo to those that ship, where it is served. Journeys that the environment names stay as they are. */
export function withDemoJourneys(settings: Settings): Settings {
  const { demo, journeysPath } = settings;
  return demo && journeysPath === SHIPPED_JOURNEYS ? { ...settings, journeysPath: DEMO_JOURNEYS } : settings;
}

import type { JsonObject } from '../engine';

/** The traits templates may use, by example; a template that uses any other is refused at start. */
const traits: JsonObject = {
  email: 'ada@example.com',
  firstName: 'Ada',
  plan: 'free',
  timezone: 'Europe/Berlin',
};

export default traits;

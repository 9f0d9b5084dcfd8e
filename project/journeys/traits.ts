import type { JsonObject } from 'sojourn';

/** What your app says of a person by `identify`, with example values. Templates may use these traits and no others. */
const traits: JsonObject = {
  email: 'ada@example.com',
  firstName: 'Ada',
  timezone: 'Europe/Berlin',
};

export default traits;

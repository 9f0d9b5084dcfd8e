import type { JsonObject } from 'sojourn';

const traits: JsonObject = { email: 'ada@example.com', firstName: 'Ada' };

export default traits;

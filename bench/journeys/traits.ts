import type { JsonObject } from '../../engine';

const traits: JsonObject = { email: 'ada@example.com', firstName: 'Ada' };

export default traits;

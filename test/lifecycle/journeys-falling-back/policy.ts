import { policy } from 'sojourn';

/** The time of day does not matter to the tests. */
export default policy({ quietHours: null });

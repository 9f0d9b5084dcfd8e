import { policy } from 'sojourn';

/** No quiet hours, so that the results do not depend on the time of day. */
export default policy({ quietHours: null });

import { policy } from 'sojourn';

/** Nothing is sent. */
export default policy({ quietHours: null });

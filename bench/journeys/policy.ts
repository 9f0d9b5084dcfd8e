import { policy } from 'sojourn';

/** The bench gives the same figures by day and by night. */
export default policy({ quietHours: null });

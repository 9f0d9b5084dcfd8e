import { policy } from 'sojourn';

/** Tests run at any hour. */
export default policy({ quietHours: null });

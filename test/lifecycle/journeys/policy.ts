import { policy } from '../../../engine';

/** Tests run at any hour. */
export default policy({ quietHours: null });

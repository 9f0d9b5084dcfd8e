import { policy } from 'sojourn';

/** How much one person may get, over all journeys. Transactional messages are exempt. */
export default policy({
  caps: { email: { day: 1, week: 3 }, webPush: { day: 1, week: 4 } },
  quietHours: { from: '22:00', to: '08:00' },
});

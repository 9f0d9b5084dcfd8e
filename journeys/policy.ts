import { policy } from 'sojourn';

/**
 * A person gets at most one mail and one push a day. The app itself may show a little more, because it interrupts nobody. Mail
 * and push wait at night, in the person's own zone. Transactional messages are exempt from all of this.
 */
export default policy({
  caps: {
    total: { day: 5, week: 15 },
    email: { day: 1, week: 3 },
    webPush: { day: 1, week: 4 },
    inApp: { day: 5, week: 15 },
  },
  quietHours: { from: '22:00', to: '08:00' },
});

import { policy } from 'sojourn';

/**
 * Less is a feature. At most one mail and one push a day; the app itself may show a little more, since it interrupts nobody.
 * Mail and push keep quiet at night, in the person's own zone. Transactional messages are exempt from all of this.
 */
export default policy({
  caps: {
    total: { day: 5, week: 15 },
    email: { day: 1, week: 3 },
    webPush: { day: 1, week: 4 },
    inApp: { day: 5, week: 15 },
  },
  quietHours: { from: '22:00', to: '08:00', channels: ['email', 'webPush'] },
});

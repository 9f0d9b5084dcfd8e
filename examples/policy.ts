import { policy } from 'sojourn';

/** Two mails and two pushes a day at most, and none of them at night. The app itself may show more. */
export default policy({
  caps: { email: { day: 2, week: 7 }, webPush: { day: 2, week: 7 }, inApp: { day: 5, week: 20 } },
  quietHours: { from: '22:00', to: '08:00' },
});

import { policy } from 'sojourn';

/** Tests run at any hour, and send as often as they like. */
export default policy({
  caps: { total: { day: 1_000, week: 1_000 }, sms: { day: 1_000, week: 1_000 } },
  quietHours: null,
});

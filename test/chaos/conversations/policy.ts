import { policy } from 'sojourn';

const unlimited = { day: 1_000, week: 1_000 };

/** Holds and suppresses nothing, so a missing message was lost. */
export default policy({
  caps: { total: unlimited, email: unlimited, inApp: unlimited, webPush: unlimited },
  quietHours: null,
});

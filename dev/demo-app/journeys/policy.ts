import { policy } from 'sojourn';

/** As the one that ships, but the app may show all that a person can try in an afternoon. */
export default policy({
  caps: {
    total: { day: 60, week: 200 },
    email: { day: 1, week: 3 },
    webPush: { day: 1, week: 4 },
    inApp: { day: 50, week: 150 },
  },
  quietHours: { from: '22:00', to: '08:00' },
});

import { policy } from './define';

it('has restrained defaults', () => {
  expect(policy()).toEqual({
    caps: {
      total: { day: 4, week: 12 },
      transactional: { day: 100, week: 300 },
      email: { day: 2, week: 5 },
      webPush: { day: 2, week: 7 },
      inApp: { day: 4, week: 14 },
    },
    quietHours: [{ from: '22:00', to: '08:00' }],
    expiryMs: { email: 259_200_000, webPush: 86_400_000, inApp: 2_592_000_000 },
  });
});

it('takes the values that a team sets, and the defaults for the others', () => {
  const own = policy({ caps: { email: { day: 1, week: 1 } }, quietHours: null, expiry: { email: '1 hour' } });
  expect(own).toMatchObject({
    caps: { email: { day: 1, week: 1 }, inApp: { day: 4 } },
    quietHours: [],
    expiryMs: { email: 3_600_000, webPush: 86_400_000 },
  });
});

it('keeps the default of a span that a cap leaves out, unless what is said of a longer span makes it needless', () => {
  expect(policy({ caps: { email: { hour: 1 } } }).caps.email).toEqual({ hour: 1, day: 2, week: 5 });
  expect(policy({ caps: { email: { week: 1 } } }).caps.email).toEqual({ week: 1 });
  expect(policy({ caps: { email: { week: Infinity } } }).caps.email).toEqual({ day: 2, week: Infinity });
});

it('bounds a session of the app only if a team says so, beside the other caps of the app', () => {
  expect(policy({ caps: { inApp: { session: 1 } } }).caps.inApp).toEqual({ day: 4, week: 14, session: 1 });
  expect(policy({ caps: { inApp: { day: 1, week: 2 } } }).caps.inApp).toEqual({ day: 1, week: 2 });
});

it('refuses invalid values', () => {
  expect(() => policy({ caps: { inApp: { session: 0.5 } } })).toThrow('the cap of inApp in a session');
  expect(() => policy({ caps: { email: { day: -1, week: 1 } } })).toThrow('the caps of email');
  expect(() => policy({ caps: { total: { day: NaN, week: 1 } } })).toThrow('the caps of total');
  expect(() => policy({ caps: { email: { dya: 1 } as object } })).toThrow("the caps of email have no 'dya'");
  expect(() => policy({ caps: { journeys: { news: { week: -1 } } } })).toThrow('the caps of journey news');
  expect(() => policy({ caps: { email: { session: 1 } as object } })).toThrow('is for inApp only');
  expect(() => policy({ zone: 'Mars/Olympus' })).toThrow('Not a time zone');
  expect(() => policy({ zones: { Austria: 'Europe/Vienna' } })).toThrow("'Austria' is not a country");
  expect(() => policy({ holidays: { dates: ['2026-02-30'] } })).toThrow("'2026-02-30' is not a holiday");
  expect(() => policy({ holidays: { dates: { Austria: [] } } })).toThrow("holidays of 'Austria'");
  expect(() => policy({ sendWindows: { from: '09:00', to: '17:00', weekdays: [0 as 1] } })).toThrow('weekdays from 1');
  expect(() => policy({ quietHours: { from: '25:00', to: '08:00' } })).toThrow('Not a time of day');
  expect(() => policy({ quietHours: { from: '08:00', to: '08:00' } })).toThrow("quiet hours can't last all day");
  expect(() => policy({ expiry: { email: 'soon' as '1 day' } })).toThrow('Not a duration');
});

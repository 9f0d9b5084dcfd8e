import { flawsOf, type Named } from './check';
import { policy, type PolicyOptions } from './define';

const NAMED: Named = { journeys: [{ id: 'welcome', transactional: false }], topics: ['digest'] };
const found = (options: PolicyOptions, named = NAMED): string[] =>
  flawsOf(policy(options), named).map(({ kind, at, text }) => `${kind}: ${at}: ${text}`);

it('nothing is wrong with the default policy, nor with usual ones', () => {
  expect(found({})).toEqual([]);
  expect(
    found({
      caps: {
        email: { hour: 1, day: 1, week: 3 },
        journeys: { welcome: { week: 2 } },
        topics: { digest: { week: 1 } },
      },
      quietHours: [
        { from: '22:00', to: '08:00' },
        { from: '20:00', to: '10:00', weekdays: [6, 7] },
      ],
      sendWindows: { from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5], channels: ['email'] },
    }),
  ).toEqual([]);
});

it('a cap that a longer span or the total makes needless never applies', () => {
  expect(found({ caps: { email: { day: 3, week: 2 } } })).toEqual([
    'never applies: caps.email: 3 a day is never reached: 2 a week is less',
  ]);
  expect(found({ caps: { email: { day: 5 }, total: { day: 2, week: 9 } } })).toEqual([
    'never applies: caps.email: 5 a day is never reached: the total of 2 a day is less',
  ]);
  expect(found({ caps: { journeys: { welcome: { week: 20 } } } })).toEqual([
    'never applies: caps.journeys.welcome: 20 a week is never reached: the total of 12 a week is less',
  ]);
});

it('a cap of a journey or topic that does not exist is a contradiction', () => {
  expect(found({ caps: { journeys: { wellcome: { day: 1 } }, topics: { news: { day: 1 } } } })).toEqual([
    "contradiction: caps.journeys.wellcome: there is no journey 'wellcome'. Expected one of welcome",
    "contradiction: caps.topics.news: there is no topic 'news'. Expected one of digest",
  ]);
  expect(found({ caps: { topics: { news: { day: 1 } } } }, { journeys: [] })).toEqual([]);
});

it('hours that leave no time to send are a contradiction, and a window within quiet hours never opens', () => {
  expect(
    found({
      quietHours: { from: '17:00', to: '09:00', channels: ['email'] },
      sendWindows: { from: '18:00', to: '22:00', channels: ['email'] },
    }),
  ).toEqual(['contradiction: quietHours: email: no minute of the week is left in which to send']);
  expect(
    found({
      sendWindows: [
        { from: '22:00', to: '23:00', channels: ['email'] },
        { from: '09:00', to: '17:00', channels: ['email'] },
      ],
    }),
  ).toEqual([
    'never applies: sendWindows: email: the window from 22:00 to 23:00 never opens, it lies within quiet hours',
  ]);
});

it('an expiry that is shorter than the quiet hours is a contradiction', () => {
  expect(found({ expiry: { email: '4 hours' } })).toEqual([
    'contradiction: expiry.email: a message by email expires after 240 minutes, and quiet hours last 600: what is decided in the evening is never sent',
  ]);
});

it('the priority of a journey with transactional messages only never applies', () => {
  const journeys = [{ id: 'receipt', transactional: true, priority: 10 }];
  expect(found({}, { journeys })).toEqual([
    'never applies: journey receipt: its priority says nothing: its messages are transactional, so caps of others do not concern them',
  ]);
});

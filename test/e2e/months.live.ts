import { liveStories } from './support/cookbook';
import { QUARTER, YEAR } from './support/month-stories';
import { startServices } from './support/services';

/*
 * Lives the cookbook's journeys of months on the real stack, beside their replays. The speeds are the smallest that end in five minutes.
 * They say what can be resolved: a decision that takes 70 ms of real time is half an hour of journey time late at the first speed, and
 * two hours at the second. So when messages are due is compared to the minute, and only printed how late they were decided. The prompt
 * for a training is left out, because it goes by the hour, which takes an eighth of a second. The machine must have nothing else to
 * do: a birthday is over with its day, which is less than half a second away at ten o'clock.
 */
let services: Awaited<ReturnType<typeof startServices>>;
beforeAll(async () => void (services = await startServices()));
afterAll(() => services.stop());

/** A day takes three seconds. */
test('a quarter of the cookbook on the real stack sends what the test kit says, when it says it, and nothing early', () =>
  liveStories(QUARTER, { speed: 28_800, lasts: '100 days' }));

/** A day takes three quarters of a second. */
test('a year of the cookbook on the real stack sends what the test kit says, when it says it, and nothing early', () =>
  liveStories(YEAR, { speed: 115_200, lasts: '400 days' }));

import { liveStories } from './support/cookbook';
import { STORIES } from './support/cookbook-stories';
import { startServices } from './support/services';

/*
 * Lives the cookbook's journeys of two weeks on the real stack. Afterwards each person's stored events are replayed by the test kit's
 * engine, without any delay, and the two are compared. An hour takes a second, so a busy machine decides some messages an hour late.
 * It takes seven minutes, so it is not part of `npm test`.
 */
let services: Awaited<ReturnType<typeof startServices>>;
beforeAll(async () => void (services = await startServices()));
afterAll(() => services.stop());

test('the cookbook on the real stack sends what the test kit says, when it says it, and nothing early', () =>
  liveStories(STORIES, { speed: 3_600, lasts: '15 days' }));

import { anyOf, event } from '../authoring/event';
import { journey, type Facts } from '../authoring/journey';
import { z } from 'zod';
import { lifecycle } from '../authoring/lifecycle';
import type { Definitions } from '../definitions/definitions';
import { unrestrained } from '../testing/properties/catalogue';
import { compile } from './compile';
import { neededHistory } from './needed-history';

const plain = (name: string): ReturnType<typeof event> => event(name, z.object({}), {});
const DAY = 86_400_000;

const define = (one: ReturnType<typeof journey>): Promise<Definitions> =>
  compile({ journeys: [one], lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });
const asks = (decide: (facts: Facts) => boolean): ReturnType<typeof journey> =>
  journey('asks', { enter: plain('Entered') }, async (j) => {
    await j.check('asks', decide);
  });
const lookBackOf = async (decide: (facts: Facts) => boolean): Promise<unknown> =>
  Object.fromEntries(neededHistory(await define(asks(decide))).lookBack);

test('how far back steps ask is found, also behind a question that most people answer otherwise', async () => {
  expect(
    await lookBackOf(
      ({ did }) =>
        did(plain('A')).count({ within: '30 days' }) === 7 &&
        did(anyOf(plain('A'), plain('B'))).sum('n' as never, { within: '90 days' }) > 100 &&
        did(plain('C')).of('team').streak() > 3,
    ),
  ).toEqual({ A: 90 * DAY, B: 90 * DAY, C: Infinity });
  expect(await lookBackOf(({ did }) => did(plain('A')).last !== null)).toEqual({ A: Infinity });
});

test('a function that throws for people who did nothing is asked about others', async () => {
  const risky = ({ did }: Facts): boolean =>
    (did(plain('A')).first as { at: number }).at > 0 && did(plain('B')).days({ within: '2 days' }).length > 1;
  expect(await lookBackOf(risky)).toEqual({ A: Infinity, B: 2 * DAY });
});

test('what the outline finds of the past does not belong to the fingerprint of a journey', async () => {
  const [one, other] = await Promise.all(
    [plain('A'), plain('B')].map((asked) => define(asks(({ did }) => did(asked).count() > 1))),
  );
  expect(one?.version).toBe(other?.version);
});

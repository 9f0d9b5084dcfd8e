import fc from 'fast-check';
import { densest } from './most-messages';
import { TimedWays } from './timed-ways';

interface RandomWay {
  readonly from: number;
  readonly to: number | null;
  readonly ms: number;
  readonly afterMs: readonly number[];
}

const place = fc.nat({ max: 3 });
const way: fc.Arbitrary<RandomWay> = fc.integer({ min: 1, max: 4 }).chain((ms) =>
  fc.record({
    from: place,
    to: fc.option(place),
    ms: fc.constant(ms),
    afterMs: fc.array(fc.nat({ max: ms }), { maxLength: 3 }).map((moments) => moments.sort((a, b) => a - b)),
  }),
);

/** The instants of the messages on each walk of so many ways at most. */
function walks(ways: readonly RandomWay[], from: number | null, most: number, begun = 0): number[][] {
  if (most === 0) return [[]];
  const next = ways.filter((one) => from === null || one.from === from);
  const onward = next.flatMap(({ to, ms, afterMs }) => {
    const rests = to === null ? [[]] : walks(ways, to, most - 1, begun + ms);
    return rests.map((rest) => [...afterMs.map((after) => begun + after), ...rest]);
  });
  return onward.length === 0 ? [[]] : onward;
}

it('the most messages in a period are those of the densest of all walks, cycles included', () =>
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5 }), (ways, spanMs) => {
      const places = [{}, {}, {}, {}];
      const at = (number: number): object => places[number] ?? {};
      const timed = new TimedWays();
      for (const { from, to, ms, afterMs } of ways) {
        const sent = afterMs.map((after) => ({ channel: 'inApp', transactional: false, afterMs: after }) as const);
        timed.add(at(from), { to: to === null ? null : at(to), ms, sent });
      }
      // A period ends on the sixth way at the latest: each takes time.
      const densestWalk = Math.max(...walks(ways, null, 6).map((moments) => densest(moments, spanMs)));
      expect(timed.most(spanMs, () => true)).toBe(densestWalk);
    }),
    { numRuns: 300 },
  ));

it('only the messages that count are counted', () => {
  const timed = new TimedWays();
  const mail = { channel: 'email', transactional: false, afterMs: 0 } as const;
  timed.add(null, { to: null, ms: 0, sent: [mail, { ...mail, channel: 'inApp' }, { ...mail, transactional: true }] });
  expect(timed.most(1, () => true)).toBe(3);
  expect(timed.most(1, ({ channel, transactional }) => channel === 'email' && !transactional)).toBe(1);
});

it('a cycle that takes no time and sends messages has no end of them', () => {
  const timed = new TimedWays();
  const here = {};
  timed.add(here, { to: here, ms: 0, sent: [{ channel: 'inApp', transactional: true, afterMs: 0 }] });
  expect(timed.most(1, () => true)).toBe(Infinity);
});

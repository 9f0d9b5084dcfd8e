import fc from 'fast-check';
import { livesOf } from './lives';

const DAY_MS = 86_400_000;

it('nobody has done more within a span than within a longer one, and everybody as often as it says', () =>
  fc.assert(
    fc.property(
      fc.nat({ max: 40 }),
      fc.uniqueArray(fc.nat({ max: 40 })),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }),
      (number, numbers, days) => {
        const spansMs = new Set(days.map((day) => day * DAY_MS));
        for (const life of livesOf(number, numbers, { events: new Set(['A']), spansMs })) {
          const ago = life.agoOf('A');
          expect(ago).toHaveLength(number);
          expect([...ago].sort((a, b) => a - b)).toEqual(ago);
        }
      },
    ),
  ));

it('for every span, some have done everything within it, some nothing, and some a part', () =>
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 60 }), (number, days) => {
      const spanMs = days * DAY_MS;
      const lives = livesOf(number, [0, 1, number], { events: new Set(['A']), spansMs: new Set([spanMs]) });
      const within = lives.map((life) => life.agoOf('A').filter((ms) => ms <= spanMs).length);
      expect(within).toEqual(expect.arrayContaining([0, 1, number]));
    }),
  ));

import { comparedByName, comparedIn, parsed } from './literals';

it('parses a function once, however often a loop makes it anew', () => {
  const make = (round: number) => (): number => round;
  expect(make(1)).not.toBe(make(2));
  expect(parsed(make(1))).not.toBeNull();
  expect(parsed(make(2))).toBe(parsed(make(1)));
});

it('finds the values that code compares with, and the name of what is compared', () => {
  type Found = { kind: string; score?: number; size: string; tags: string[]; text: string; plan: string };
  const code = ({ event }: { event: Found }): boolean => {
    switch (event.plan) {
      case 'pro':
        return true;
    }
    return (
      event.kind === 'b' ||
      -1 < (event.score ?? 0) ||
      Number(event.size) > 90 ||
      event.tags.length > 3 ||
      event.tags.includes('vip') ||
      ['x', 'y'].includes(event.text) ||
      event.text.toLowerCase().startsWith('z')
    );
  };
  expect(Object.fromEntries(comparedByName(code))).toEqual({
    kind: ['b'],
    score: [-1],
    size: [90],
    tags: [3, 'vip'],
    text: ['x', 'y', 'z'],
    plan: ['pro'],
  });
  expect(comparedIn(code)).toHaveLength(9);
});

import { parsed } from './literals';

it('parses a function once, however often a loop makes it anew', () => {
  const make = (round: number) => (): number => round;
  expect(make(1)).not.toBe(make(2));
  expect(parsed(make(1))).not.toBeNull();
  expect(parsed(make(2))).toBe(parsed(make(1)));
});

import { runKey } from './ids';

describe('the key of a run', () => {
  const long = 'x'.repeat(10_000);

  it('is the text that the journey gives', () => {
    expect([runKey('o1'), runKey('')]).toEqual(['o1', '']);
  });

  it('is short, and different for different texts of any length', () => {
    expect(runKey(`${long}a`)).toHaveLength(500);
    expect(runKey(`${long}a`)).not.toBe(runKey(`${long}b`));
  });

  it('stays the same when it is taken for a text again, so that a key read in one place can be used in another', () => {
    const half = '\u{1f600}'.slice(0, 1);
    for (const text of [long, `o${half}1`, 'o\u00001', `${'x'.repeat(463)}\u{1f600}${long}`])
      expect(runKey(runKey(text))).toBe(runKey(text));
    expect(runKey(`o${half}1`)).toBe('o1');
  });
});

import { runKey } from './ids';

describe('the key of a run', () => {
  const long = 'x'.repeat(10_000);

  it('is what the journey says it is', () => {
    expect([runKey('o1'), runKey('')]).toEqual(['o1', '']);
  });

  it('is short, and another for another text, however long', () => {
    expect(runKey(`${long}a`)).toHaveLength(500);
    expect(runKey(`${long}a`)).not.toBe(runKey(`${long}b`));
  });

  it('is its own key, so that it can be read in one place and named in another', () => {
    const half = '\u{1f600}'.slice(0, 1);
    for (const text of [long, `o${half}1`, 'o\u00001', `${'x'.repeat(463)}\u{1f600}${long}`])
      expect(runKey(runKey(text))).toBe(runKey(text));
    expect(runKey(`o${half}1`)).toBe('o1');
  });
});

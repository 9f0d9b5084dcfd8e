import { readGzipped } from '../../test/upgrade/gzipped';
import { goOn, type WrittenLife } from '../../test/upgrade/life';

/*
 * Rule 2, for the engine itself: an upgrade is an edit that changes nothing. Lives that an earlier release stored before their
 * end go on as they would have under that release.
 */

const { written } = readGzipped('0.1.0', 'lives.json.gz') as {
  readonly written: Readonly<Record<string, readonly WrittenLife[]>>;
};

/**
 * Lives that 0.1.0 got wrong. If an edit put an exit of a stored journey behind the position, the code after the exit failed, and
 * the run's step was taken for a removed one. Now the exit is skipped, as in journeys written as code.
 */
const MENDED: ReadonlySet<string> = new Set(['stored 34']);

describe.each(Object.entries(written))('lives that 0.1.0 began under journeys that are %s', (kind, lives) => {
  it('go on as they would have under 0.1.0', async () => {
    expect(lives.length).toBeGreaterThanOrEqual(90);
    for (const [index, { kept, outcome, ...life }] of lives.entries()) {
      const expected = MENDED.has(`${kind} ${index}`) ? expect.not.objectContaining(outcome) : outcome;
      expect([index, await goOn(life, kept)]).toEqual([index, expected]);
    }
  });
});

import { readGzipped } from '../../test/upgrade/gzipped';
import { goOn, type WrittenLife } from '../../test/upgrade/life';

/**
 * Rule 2, of the engine itself: what a release before stored in the midst of a life, this one goes on with as that one would have.
 * An upgrade is to a user an edit that changes nothing.
 */

const { written } = readGzipped('0.1.0', 'lives.json.gz') as {
  readonly written: Readonly<Record<string, readonly WrittenLife[]>>;
};

describe.each(Object.entries(written))('lives that 0.1.0 began under journeys that are %s', (_, lives) => {
  it('go on as they would have', async () => {
    expect(lives.length).toBeGreaterThanOrEqual(90);
    for (const [index, { kept, outcome, ...life }] of lives.entries())
      expect([index, await goOn(life, kept)]).toEqual([index, outcome]);
  });
});

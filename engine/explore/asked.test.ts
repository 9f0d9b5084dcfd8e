import { z } from 'zod';
import { event } from '../authoring/event';
import { journey } from '../authoring/journey';
import { explore } from '.';

const trained = event('Trained', z.object({}), {});

it('a pick by what the user did takes every value that the code compares', async () => {
  const streak = journey('streak', { enter: trained }, async (j) => {
    const days = await j.pick('days', ({ did }) => did(trained).streak());
    if (days === 7) await j.award('a week', { badge: 'week' });
    if (days > 30) await j.award('a month', { badge: 'month' });
  });
  const { defects, tree } = await explore(streak);
  expect(defects).toEqual([]);
  expect(JSON.stringify(tree)).toContain('a month');
});

it('a check by what the user did goes both ways', async () => {
  const quiet = journey('quiet', { enter: trained }, async (j) => {
    if (await j.check('often', ({ did }) => did(trained).count({ within: '30 days' }) > 9))
      await j.award('a star', { points: 1 });
    else await j.award('seldom', { points: 1 });
  });
  expect((await explore(quiet)).defects).toEqual([]);
});

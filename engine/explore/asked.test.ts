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

it('a pick tells those who did something lately from those who did it before', async () => {
  const rhythm = journey('rhythm', { enter: trained }, async (j) => {
    const how = await j.pick('how', ({ did }) => {
      const day = did(trained).count({ within: '1 day' });
      const month = did(trained).count({ within: '30 days' });
      if (day > month) throw new Error('more in a day than in a month');
      if (month >= 9) return day === 0 ? 'was eager' : day >= 9 ? 'all today' : 'is eager';
      return did(trained).count() >= 9 ? 'used to' : 'seldom';
    });
    await j.award(how, { points: 1 });
  });
  const { tree, defects } = await explore(rhythm);
  expect(defects).toEqual([]);
  for (const how of ['was eager', 'all today', 'is eager', 'used to', 'seldom'])
    expect(JSON.stringify(tree)).toContain(`"step":"${how}"`);
});

it('a pick tells numbers within two spans apart', async () => {
  const rhythm = journey('rhythm', { enter: trained }, async (j) => {
    const { day, month } = await j.pick('counts', ({ did }) => ({
      day: did(trained).count({ within: '1 day' }),
      month: did(trained).count({ within: '30 days' }),
    }));
    if (day > month) throw new Error('more in a day than in a month');
    if (day === 0 && month >= 3) await j.award('was here', { points: 1 });
  });
  expect((await explore(rhythm)).defects).toEqual([]);
});

it('a pick tells those who did one thing from those who did another', async () => {
  const rested = event('Rested', z.object({}), {});
  const balance = journey('balance', { enter: trained }, async (j) => {
    const what = await j.pick('what', ({ did }) => {
      const [hard, easy] = [did(trained).count(), did(rested).count()];
      return hard > easy ? 'hard' : hard < easy ? 'easy' : 'even';
    });
    if (what === 'hard') await j.award('rest', { points: 1 });
    if (what === 'easy') await j.award('train', { points: 1 });
  });
  const { tree, defects } = await explore(balance);
  expect(defects).toEqual([]);
  expect(JSON.stringify(tree)).toContain('"step":"train"');
});

it('a pick by a trait of the group takes every value that the code compares', async () => {
  const offer = journey('offer', { enter: trained }, async (j) => {
    const seats = await j.pick('seats', ({ group }) => group('company').traits['seats'] ?? 0);
    if (Number(seats) > 50) await j.award('large', { badge: 'large' });
    else await j.award('small', { badge: 'small' });
  });
  const { defects, tree } = await explore(offer);
  expect(defects).toEqual([]);
  expect(JSON.stringify(tree)).toContain('large');
});

it('a pick by what the group did, and by how many it has, takes every value that the code compares', async () => {
  const busy = journey('busy', { enter: trained }, async (j) => {
    const often = await j.pick('often', ({ did }) => did(trained).of('company').count({ within: '30 days' }));
    const members = await j.pick('members', ({ group }) => group().members.count);
    if (often > 9) await j.award('busy', { badge: 'busy' });
    if (members >= 3) await j.award('team', { badge: 'team' });
  });
  const { defects, tree } = await explore(busy);
  expect(defects).toEqual([]);
  expect(JSON.stringify(tree)).toMatch(/busy.*team|team.*busy/s);
});

it('the example traits may have a group', async () => {
  const scored = journey('scored', { enter: trained }, async (j) => {
    const [first] = await j.pick('members', ({ group }) =>
      group()
        .members.list()
        .map(({ id }) => id),
    );
    if (first === undefined) await j.award('nobody', { points: 1 });
    else await j.award('somebody', { badge: first });
  });
  const traits = { groups: { acme: { groupId: 'acme', seats: 50 } } };
  const { tree } = await explore(scored, { with: { traits } });
  expect(JSON.stringify(tree)).toContain('somebody');
});

import { journey, milestone } from 'sojourn';
import { traveller, type Traveller } from 'sojourn/testing';
import { accountDeleted, projectCreated } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import milestones from './journey';

const rules = { lifecycle, policy };

async function createProjects(person: Traveller, count: number): Promise<void> {
  for (let created = 0; created < count; created++) await person.track(projectCreated, { name: 'Engine' });
}

test('the 1st, 10th and 100th project bring points, a badge and congratulations', async () => {
  const ada = traveller(milestones, { with: rules });
  await createProjects(ada, 1);
  expect(ada.profile).toMatchObject({ points: 50, badges: ['First project'] });
  await ada.forward('1 week');
  await createProjects(ada, 9);
  expect(ada.profile).toMatchObject({ points: 250, badges: ['First project', 'Builder'] });
  await ada.forward('1 week');
  await createProjects(ada, 90);
  expect(ada.profile).toMatchObject({ points: 1_250, badges: ['First project', 'Builder', 'Master builder'] });

  expect(ada.messages).toMatchObject([
    { channel: 'inApp', template: 'congratulations', data: { count: 1, badge: 'First project' } },
    { channel: 'inApp', template: 'congratulations', data: { count: 10, badge: 'Builder' } },
    { channel: 'inApp', template: 'congratulations', data: { count: 100, badge: 'Master builder' } },
  ]);
});

test('no other number is a milestone', async () => {
  const ada = traveller(milestones, { with: rules });
  await createProjects(ada, 150);
  expect(ada.runs.map(({ key }) => key)).toEqual(['1', '10', '100']);
});

test('a person reachable only by mail is congratulated in the morning, and misses no milestone until then', async () => {
  const ada = traveller(milestones, { channels: ['email'], at: '2026-01-05T23:00:00Z', with: rules });
  await createProjects(ada, 10);
  expect(ada.profile.points).toBe(250);
  expect(ada.held).toMatchObject([{ data: { count: 1 } }, { data: { count: 10 } }]);

  await ada.forward('12 hours');
  expect(ada.messages).toMatchObject([{ data: { count: 1 }, decidedAt: Date.parse('2026-01-06T08:00:00Z') }]);
  // The policy allows one mail a day. The points and the badge stay.
  expect(ada.suppressed).toMatchObject([{ data: { count: 10 }, reason: 'capped: email 1 a day' }]);
  expect(ada.why('congratulations')).toContain('capped: email 1 a day');
});

test('a person with a deleted account is not congratulated', async () => {
  const ada = traveller(milestones, { channels: ['email'], at: '2026-01-05T23:00:00Z', with: rules });
  await createProjects(ada, 1);
  await ada.track(accountDeleted, {});
  await ada.forward('12 hours');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Account Deleted' }]);
  expect(ada.messages).toEqual([]);

  const bob = traveller(milestones, { with: rules });
  await bob.track(accountDeleted, {});
  await bob.forward('1 second');
  await createProjects(bob, 1);
  expect(bob.runs).toMatchObject([{ status: 'exited', reason: 'no account' }]);
  expect(bob.messages).toEqual([]);
  expect(bob.profile.points).toBe(0);
});

test('a milestone added later counts the projects created before it', async () => {
  const ada = traveller(milestones, { with: rules });
  await createProjects(ada, 4);
  const withFive = journey('milestones', { enter: milestone(projectCreated, [1, 5]), reenter: 'always' }, async (j) => {
    await j.award('prize', { badge: `${j.event.properties.count} projects` });
  });
  await ada.deploy(withFive);
  await createProjects(ada, 1);
  expect(ada.profile.badges).toEqual(['First project', '5 projects']);
});

import { inactivity, milestone, stage } from '../../../engine/user/triggers';
import { activity, journey, lifecycle, policy, type Journey } from '../../../engine';
import type { Sources } from '../../../engine/definitions/definitions';
import { accountDeleted, orderPlaced, orderReady, projectCreated, signedUp } from './events';

/*
 * The journeys of the users in the written database. They decided what is stored there, so a change of one here is an edit for
 * those users.
 */

const welcomeOptions = {
  enter: signedUp,
  exit: [accountDeleted],
  goal: { event: projectCreated, within: '20 days' },
} as const;

const welcomeAtFirst = journey('welcome', welcomeOptions, async (j) => {
  await j.send('hello', { email: 'hello', webPush: 'hello' });
  await j.sleep('a while', '4 days');
  await j.experiment('tone', { warm: 1, cool: 1 });
  const created = await j.waitFor('a project', projectCreated, { within: '9 days' });
  await j.send('tips', { email: created ? 'tips-for-more' : 'tips' });
});

/** The message is renamed, the first sleep is removed, an award is added at the start, and the experiment becomes a pick. */
const welcomeEdited = journey('welcome', welcomeOptions, async (j) => {
  await j.award('early bird', { points: 3, badge: 'early bird' });
  await j.send('greeting', { email: 'hello', webPush: 'hello' });
  await j.pick('tone', ({ user }) => user.stage);
  const created = await j.waitFor('a project', projectCreated, { within: '9 days' });
  await j.send('tips', { email: created ? 'tips-for-more' : 'tips' });
  await j.sleepUntil('monday', { weekday: 1, at: '09:00' });
  await j.send('weekly', { inApp: 'weekly', email: 'weekly' });
});

/** One message is renamed, and another is added with the content of the first message, which has had two names. */
const welcomeEditedAgain = journey('welcome', welcomeOptions, async (j) => {
  await j.send('greeting', { email: 'hello', webPush: 'hello' });
  const created = await j.waitFor('a project', projectCreated, { within: '9 days' });
  await j.send('advice', { email: created ? 'tips-for-more' : 'tips' });
  await j.sleepUntil('monday', { weekday: 1, at: '09:00' });
  await j.send('hello again', { email: 'hello', webPush: 'hello' });
});

const orders = journey(
  'orders',
  {
    enter: orderPlaced,
    reenter: 'always',
    key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined),
    transactional: true,
  },
  async (j) => {
    await j.send('received', { inApp: 'order-card' }, { data: { state: 'received', order: j.key } });
    const stock = await j.call('stock', () => Promise.resolve({ left: 3 }));
    await j.set('last order', { lastOrder: j.key, left: stock?.left ?? null });
    await j.waitFor('is ready', orderReady);
    await j.send('ready', { inApp: 'order-card', email: 'order-ready' }, { data: { state: 'ready', order: j.key } });
  },
);

/** Parks the runs of users who have no plan. */
const pricing = journey('pricing', { enter: signedUp, exit: [accountDeleted] }, async (j) => {
  await j.sleep('a moment', '1 hour');
  await j.check('pays', ({ user }) => (user.traits['plan'] as string).startsWith('pro'));
  await j.flag('prices', 'shows prices', 'all');
  await j.send('show prices', { inApp: 'prices' });
});

const comeBack = journey('come-back', { enter: inactivity('5 days'), reenter: { after: '20 days' } }, async (j) => {
  await j.send('missed', { email: 'missed', webPush: 'missed' });
  if (await j.waitFor('is back', activity, { within: '10 days' })) await j.award('back', { points: 2 });
});

const projects = journey('projects', { enter: milestone(projectCreated, [1, 3]), reenter: 'always' }, async (j) => {
  await j.award('builder', { points: 10, badge: `builder ${j.event.properties.count}` });
  await j.sleepUntil('morning', { at: '08:00' });
  await j.send(
    'well done',
    { webPush: 'well-done', email: 'well-done' },
    { data: { count: j.event.properties.count } },
  );
});

const idle = journey('idle', { enter: stage('idle'), reenter: 'always', exit: [projectCreated] }, async (j) => {
  await j.sleep('two days', '2 days');
  await j.send('still there', { email: 'still-there' });
  await j.exit('enough', 'told once');
});

const rest: readonly Journey[] = [orders, pricing, comeBack, projects, idle];

const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new', 'idle', 'gone'], to: 'active', on: signedUp },
    { from: ['active'], to: 'idle', inactive: '4 days' },
    { from: ['idle', 'gone'], to: 'active', on: activity },
    { from: ['idle'], to: 'gone', after: '10 days' },
  ],
});

const restraint = policy({ caps: { total: { day: 2, week: 4 }, email: { day: 1, week: 3 } } });

const under = (welcome: Journey): Sources => ({
  journeys: [welcome, ...rest],
  lifecycle: stages,
  policy: restraint,
  traits: {},
});

/** The code at first. */
export const AT_FIRST = under(welcomeAtFirst);
/** The code after the first edit, and at the upgrade. */
export const EDITED = under(welcomeEdited);
/** The code some time after the upgrade. */
export const EDITED_AGAIN = under(welcomeEditedAgain);

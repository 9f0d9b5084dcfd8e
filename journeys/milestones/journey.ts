import { journey, milestone } from 'sojourn';
import { accountDeleted, projectCreated } from '../events';

const PRIZES: ReadonlyMap<number, { readonly points: number; readonly badge: string }> = new Map([
  [1, { points: 50, badge: 'First project' }],
  [10, { points: 200, badge: 'Builder' }],
  [100, { points: 1_000, badge: 'Master builder' }],
]);

/**
 * Points, a badge and congratulations for the 1st, 10th and 100th project. Each milestone is a run of its own, so that the
 * next is not missed while the message about the last one waits for the morning.
 */
export default journey(
  'milestones',
  {
    enter: milestone(projectCreated, [...PRIZES.keys()]),
    key: ({ properties: { count } }) => (typeof count === 'number' ? String(count) : undefined),
    exit: [accountDeleted],
    budget: { messages: 1, within: '1 day' },
  },
  async (j) => {
    const { count } = j.event.properties;
    const prize = PRIZES.get(count);
    if (!prize) return;
    // A departing client may still send what it had in hand.
    if (!(await j.check('has an account', ({ user }) => user.stage !== 'deleted'))) return j.exit('no account');
    await j.award('prize', prize);
    await j.send(
      'congratulations',
      { inApp: 'congratulations', email: 'congratulations' },
      { data: { count, ...prize } },
    );
  },
);

import { journey, milestone } from 'sojourn';
import { accountDeleted, projectCreated } from '../events';

const PRIZES: ReadonlyMap<number, { readonly points: number; readonly badge: string }> = new Map([
  [1, { points: 50, badge: 'First project' }],
  [10, { points: 200, badge: 'Builder' }],
  [100, { points: 1_000, badge: 'Master builder' }],
]);

/**
 * Points, a badge and congratulations for the 1st, 10th and 100th project. Each milestone is its own run, so the next one is
 * not missed while a message waits for the morning.
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
    // A client may still send queued events after the account is deleted.
    if (!(await j.check('has an account', ({ user }) => user.stage !== 'deleted'))) return j.exit('no account');
    await j.award('prize', prize);
    await j.send(
      'congratulations',
      { inApp: 'congratulations', email: 'congratulations' },
      { data: { count, ...prize } },
    );
  },
);

import { journey, trait } from 'sojourn';
import { planUpgraded, reportMade, teammateJoined, trialStarted } from '../events';

const WORKDAYS = { between: ['09:00', '18:00'], weekdays: [1, 2, 3, 4, 5] } as const;

/**
 * Day 1 first steps; day 3 only if no report was made; day 7 only if no teammate came; three days before the end (trait
 * `trialEndsAt`, may be extended) a reminder.
 */
export default journey('trial', { enter: trialStarted, goal: { event: planUpgraded, exit: true } }, async (j) => {
  const started = new Date(j.event.at);
  await j.sleepUntil('day 1', { after: started, by: '1 day' });
  await j.send('first steps', { email: 'first-steps' });

  await j.sleepUntil('day 3', { after: started, by: '3 days' });
  await j.sleepUntil('day 3, or Monday', WORKDAYS);
  if (await j.check('no report', ({ did }) => did(reportMade).count() === 0))
    await j.send('make a report', { email: 'make-a-report' });

  await j.sleepUntil('day 7', { after: started, by: '7 days' });
  await j.sleepUntil('day 7, or Monday', WORKDAYS);
  if (await j.check('no teammate', ({ did }) => did(teammateJoined).count() === 0))
    await j.send('invite a teammate', { email: 'invite-a-teammate' });

  await j.sleepUntil('three days before the end', { before: trait('trialEndsAt'), by: '3 days' });
  await j.send('the trial ends', { email: 'trial-ends' });
  await j.sleepUntil('the end', trait('trialEndsAt'));
  return j.exit('not upgraded');
});

import { journey } from 'sojourn';
import { planUpgraded, trialStarted } from '../events';
import { tellInChat } from '../services';

const LARGE = { to: 'sales', text: 'A company with more than 50 seats is on day 12 of its trial.' };

/** On day 12, a company with more than 50 seats: tell sales in their chat. If the trial is extended, the day stays. */
export default journey('trial-sales', { enter: trialStarted, exit: [planUpgraded] }, async (j) => {
  await j.sleepUntil('day 12', { after: new Date(j.event.at), by: '12 days' });
  const isLarge = await j.check('more than 50 seats', ({ group }) => Number(group('company').traits['seats']) > 50);
  // later: the chat is a channel
  if (isLarge) await j.call('tell sales', (context) => tellInChat(context, LARGE));
});

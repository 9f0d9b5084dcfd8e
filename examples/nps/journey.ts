import { answered, anyOf, dismissed, journey, type Did } from 'sojourn';
import { activated, complaintMade, exportFinished, scoreGiven } from '../events';

const MONTH_MS = 30 * 86_400_000;
const answers = anyOf(answered.where({ journey: 'nps' }), scoreGiven);
const reactions = anyOf(answered.where({ journey: 'nps' }), dismissed.where({ journey: 'nps' }), scoreGiven);

/** 30 days after activation, at most twice a year, and not for six months after an answer. */
export function mayBeAsked(did: Did, now: number): boolean {
  const first = did(activated).first;
  const isActive = first !== null && now - first.at >= MONTH_MS;
  const hasAnswered = did(answers).count({ within: '183 days' }) > 0;
  return isActive && !hasAnswered && did(reactions).count({ within: '365 days' }) < 2 && !hasJustComplained(did);
}

function hasJustComplained(did: Did): boolean {
  return did(complaintMade).count({ within: '14 days' }) > 0;
}

/** After a good moment, in the app: "Do you enjoy it?" Yes: rate us in the store. No: tell us. Dismissed: again after 30 days, once. */
export default journey('nps', { enter: exportFinished, reenter: { after: '183 days' } }, async (j) => {
  for (const time of ['first', 'second'] as const) {
    const isDue = await j.check(`may be asked the ${time} time`, ({ did, now }) => mayBeAsked(did, now));
    if (!isDue) return j.exit(`not asked the ${time} time`, { uncounted: time === 'first' });
    // Two messages, and not one `rating`: that asks for no number, and a low number opens a ticket.
    await j.send(`${time} question`, { inApp: 'do-you-enjoy-it' }, { slot: 'nps', reopen: true });
    const reply = await j.waitFor(`reaction to the ${time}`, anyOf(answered, dismissed), { within: '14 days' });
    if (!reply) return j.exit(`no reaction to the ${time}`);
    if ('value' in reply.properties) {
      if (reply.properties.value === 'no') await j.send('tell us', { inApp: 'tell-us' }, { slot: 'nps', reopen: true });
      else if (await j.check('content', ({ did }) => !hasJustComplained(did)))
        await j.send('rate us', { inApp: 'rate-us' }, { slot: 'nps', reopen: true });
      return;
    }
    if (time === 'second') return j.exit('dismissed twice');
    await j.sleep('30 days after it was dismissed', '30 days');
    const moment = await j.waitFor('another good moment', exportFinished, { since: 'now', within: '60 days' });
    if (!moment) return j.exit('no good moment');
  }
});

import { after, answered, anyOf, consentGiven, journey, trait, unsubscribed } from 'sojourn';
import { permissionRenewed } from '../events';

const all = (agrees: boolean) => ({ email: agrees, webPush: agrees, inApp: agrees });

/** Consent older than two years: asked once, twice; no answer: all marketing stops and stays so. */
export default journey(
  're-permission',
  {
    enter: after(trait('consentedAt'), '730 days'),
    reenter: 'always',
    exit: [unsubscribed],
    budget: { messages: 2, within: '28 days' },
  },
  async (j) => {
    for (const time of ['first', 'second'] as const) {
      await j.send(`${time} question`, { email: 'may-we', inApp: 'may-we' }, { slot: 'may we' });
      // By a click or a reply, on the page of preferences, or in the app.
      const reply = anyOf(permissionRenewed, consentGiven, answered);
      const answer = await j.waitFor(`answer to the ${time}`, reply, { within: '14 days' });
      if (!answer) continue;
      const agrees = !('value' in answer.properties && answer.properties.value === 'no');
      return j.consent(agrees ? 'agreed again' : 'refused', all(agrees));
    }
    await j.consent('no answer', all(false));
  },
);

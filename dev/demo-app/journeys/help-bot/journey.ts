import { journey, seen } from 'sojourn';
import { accountDeleted } from '../../../../journeys/events';
import { helpOpened } from '../events';

/** A chatbot with preset answers. An order is looked up in the app; everything else becomes a ticket, and so does an order if that did not help. */
export default journey(
  'help-bot',
  {
    enter: helpOpened,
    reenter: 'always',
    exit: [accountDeleted],
    transactional: true,
    budget: { messages: 4, within: '2 days' },
  },
  async (j) => {
    const topic = await j.ask(
      'topic',
      {
        text: { en: 'Hello! How can we help?', de: 'Hallo! Wie können wir helfen?' },
        choices: [
          { value: 'order', label: { en: 'Where is my order?', de: 'Wo ist meine Bestellung?' } },
          { value: 'refund', label: { en: 'I want my money back', de: 'Ich möchte mein Geld zurück' } },
          { value: 'other', label: { en: 'Something else', de: 'Etwas anderes' } },
        ],
      },
      { within: '1 day' },
    );
    if (topic === null) return j.exit('no answer');
    if (topic === 'order') {
      await j.send('where it is', { inApp: 'where-it-is' });
      await j.waitFor('they read it', seen, { within: '1 minute' });
      const helped = await j.ask(
        'helped',
        {
          text: { en: 'Did that help?', de: 'Hat das geholfen?' },
          choices: [
            { value: 'yes', label: { en: 'Yes, thanks', de: 'Ja, danke' } },
            { value: 'no', label: { en: 'No', de: 'Nein' } },
          ],
        },
        { within: '1 hour' },
      );
      if (helped !== 'no') return;
    }
    // A team opens a ticket in its own system here.
    const open = async ({ idempotencyKey }: { readonly idempotencyKey: string }): Promise<string> =>
      `T-${idempotencyKey.slice(-4).toUpperCase()}`;
    await j.call('ticket', open, { examples: ['T-1042'] });
    await j.send('we will write', { inApp: 'we-will-write' });
  },
);

import { journey } from 'sojourn';
import { helpOpened } from '../events';
import { openTicket } from '../services';

/**
 * A chatbot with preset answers: "How can we help?" Whoever leaves before they see the question gets it by mail, and answers by a link in it.
 * An order is looked up in the app, and nothing more is asked if that helped. Everything else becomes a ticket.
 */
export default journey('help-bot', { enter: helpOpened, reenter: 'always', transactional: true }, async (j) => {
  const topic = await j.ask(
    'topic',
    {
      text: { en: 'Hello! How can we help?', de: 'Hallo! Wie können wir helfen?' },
      choices: [
        { value: 'order', label: { en: 'Where is my order?', de: 'Wo ist meine Bestellung?' } },
        { value: 'refund', label: { en: 'I want my money back', de: 'Ich möchte mein Geld zurück' } },
        { value: 'other', label: { en: 'Something else', de: 'Etwas anderes' } },
      ],
      away: { after: '10 minutes', channel: 'email', template: 'topic' },
    },
    { within: '1 day' },
  );
  if (topic === null) return j.exit('no answer');
  if (topic === 'order') {
    await j.send('where it is', { inApp: 'where-it-is' });
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
  await j.call('ticket', (context) => openTicket(context, { about: topic }), { examples: ['T-1042'] });
  await j.send('we will write', { inApp: 'we-will-write' });
});

import { journey } from 'sojourn';
import { helpAsked } from '../events';

/** Asks in the app, and by mail if the person does not see it. */
export default journey('support', { enter: helpAsked }, async (j) => {
  const topic = await j.ask(
    'topic',
    {
      text: { en: 'How can we help?', de: 'Wie können wir <b>helfen</b>?' },
      choices: [
        { value: 'order', label: { en: 'My order', de: 'Meine Bestellung & mehr' } },
        { value: 'refund', label: 'A refund' },
      ],
      away: { after: j.event.properties.patience, channel: 'email', template: 'away' },
    },
    { within: '1 day' },
  );
  await j.set('remember', { topic });
});

import { delivered, journey, replied } from 'sojourn';
import { gateChanged } from '../events';

/** Tells the gate by SMS, and goes on as the telephone network and the person answer. */
export default journey('gate', { enter: gateChanged, key: ({ properties }) => properties.gate }, async (j) => {
  await j.send('gate', { sms: 'gate' });
  const came = await j.waitFor('it comes', delivered('gate'), { within: '1 day' });
  if (came) await j.award('told', { badge: `told of ${j.event.properties.gate}` });
  const answer = await j.waitFor('the answer', replied('gate'), { within: '1 day' });
  if (answer) await j.award('answered', { badge: `${(answer.properties.text ?? '').length} letters` });
});

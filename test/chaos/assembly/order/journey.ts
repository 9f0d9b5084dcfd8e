import { ended, journey } from 'sojourn';
import { ordered } from '../events';

/** Starts a run for each part, and gives credit for each that it is told has come to its end. */
export default journey('order', { enter: ordered, key: ({ properties }) => properties.order }, async (j) => {
  const { order, parts } = j.event.properties;
  for (const part of parts) await j.start(`make ${part}`, 'part', { key: `${order} ${part}`, data: { part } });
  let made = 0;
  for (const part of parts) {
    const end = await j.waitFor(`${part} is made`, ended('part').where({ step: `make ${part}` }), { within: '1 day' });
    if (end?.properties.status === 'completed') made++;
  }
  await j.award('credit for the order', { points: 100 * made });
});

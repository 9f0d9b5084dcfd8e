import { anyOf, journey } from 'sojourn';
import { lineJoined, lineLeft, productBought, restockRequested, turnCame } from '../events';

/**
 * Whoever asked is told when it is there: at once, since it may soon be gone again. They are out when they have bought it elsewhere, or
 * after a year. (The line of the product says when it is their turn.)
 */
export default journey(
  'back-in-stock',
  { enter: restockRequested, key: ({ properties }) => properties.product, reenter: 'always', transactional: true },
  async (j) => {
    const { id: request, properties } = j.event;
    const { product } = properties;
    const line = { userId: `product:${product}` };
    const person = await j.pick('who asks', ({ user }) => user.id);
    await j.track('join the line', line, lineJoined, { product, person, request });
    const turnOrPurchase = anyOf(turnCame, productBought.where({ product }));
    const came = await j.waitFor('their turn', turnOrPurchase, { within: '365 days' });
    if (came?.name === turnCame.name) await j.send('it is there', { webPush: 'back', email: 'back' });
    else await j.track('leave the line', line, lineLeft, { person, request });
  },
);

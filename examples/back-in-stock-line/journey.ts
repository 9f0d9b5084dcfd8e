import { journey, type Facts } from 'sojourn';
import { lineJoined, lineLeft, stockChanged, turnCame } from '../events';

/** 100 people are told of 20 pieces. */
const PEOPLE_PER_PIECE = 100 / 20;
/** The most people whose turn comes in one step. */
const MOST = 100;
/** How long to look for the next in line, who are there already. */
const NOW = { for: '1 second', within: '1 second' } as const;
const inStock = stockChanged.where({ pieces: { atLeast: 1 } });
const piecesLeft = ({ did }: Facts): number => did(stockChanged).last?.properties.pieces ?? 0;

/**
 * The line of a product, which is a user of its own: 100 people per 20 pieces in the order of asking, the next ones if pieces remain
 * after two hours. It ends when nobody is left in it.
 */
export default journey('back-in-stock-line', { enter: lineJoined, reenter: 'always' }, async (j) => {
  const { product } = j.event.properties;
  for (let round = 1; ; round++) {
    if (await j.check(`sold out ${round}`, (facts) => piecesLeft(facts) === 0)) {
      await j.waitFor(`stock ${round}`, inStock, { since: 'now', within: '30 days' });
      continue;
    }
    const pieces = await j.pick(`pieces ${round}`, (facts) => Math.max(1, piecesLeft(facts)));
    let open = pieces * PEOPLE_PER_PIECE;
    for (let part = 1; open > 0; part++) {
      const atMost = Math.min(open, MOST);
      const next = await j.collect(`next ${round}.${part}`, lineJoined, { ...NOW, atMost });
      if (part === 1 && next.length === 0) return;
      const userIds = await j.pick(`still in line ${round}.${part}`, ({ did }) =>
        next
          .map(({ properties: { person, request } }) => ({ person, request }))
          .filter((place) => did(lineLeft.where(place)).count() === 0)
          .map(({ person }) => person),
      );
      await j.track(`their turn ${round}.${part}`, { userIds }, turnCame, { product });
      if (next.length < atMost) break;
      open -= userIds.length;
    }
    await j.sleep(`two hours ${round}`, '2 hours');
  }
});

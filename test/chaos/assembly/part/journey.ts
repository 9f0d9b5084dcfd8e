import { journey, manual } from 'sojourn';

const key = ({ properties: { part } }: { properties: Record<string, unknown> }): string | undefined =>
  typeof part === 'string' ? part : undefined;

/** Takes a moment, and gives credit, so that one run too many shows. */
export default journey('part', { enter: manual(), key }, async (j) => {
  await j.sleep('a moment', j.event.properties['part'] === 'bell' ? '1 second' : '2 seconds');
  await j.award('credit for the part', { points: 1 });
});

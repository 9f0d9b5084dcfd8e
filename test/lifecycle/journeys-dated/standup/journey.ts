import { every, journey } from 'sojourn';

/** Mondays at nine by the person's own clock. */
export default journey('standup', { enter: every({ weekday: 1, at: '09:00' }), reenter: 'always' }, async (j) => {
  await j.award('attended', { points: 1 });
});

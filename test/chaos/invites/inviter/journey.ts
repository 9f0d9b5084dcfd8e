import { journey } from 'sojourn';
import { inviteAccepted } from '../events';

/** Every event that arrives gives credit, so that one too many shows. */
export default journey('inviter', { enter: inviteAccepted, reenter: 'always' }, async (j) => {
  await j.award('credit', { points: 100 });
});

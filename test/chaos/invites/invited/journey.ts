import { journey } from 'sojourn';
import { inviteAccepted, joined } from '../events';

export default journey('invited', { enter: joined }, async (j) => {
  await j.award('credit', { points: 100 });
  const me = await j.pick('me', ({ user }) => user.id);
  await j.track('tell the inviter', { userId: j.event.properties.invitedBy }, inviteAccepted, { by: me });
});

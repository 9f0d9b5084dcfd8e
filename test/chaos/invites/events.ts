import { z } from 'zod';
import { event } from 'sojourn';

export const joined = event('Joined', z.object({ invitedBy: z.string() }), { invitedBy: 'ada' });
export const inviteAccepted = event('Invite Accepted', z.object({ by: z.string() }), { by: 'bob' });

import { z } from 'zod';
import { event } from 'sojourn';

export const requested = event(
  'Password Reset Requested',
  z.object({ link: z.url() }),
  { link: 'https://example.com/reset/abc' },
  { forget: { link: '1 hour' } },
);
export const changed = event('Password Changed', z.object({}), {});

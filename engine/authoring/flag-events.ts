import { z } from 'zod';
import { event } from './event';

/**
 * The app has read a flag that is an experiment for the user, so that they have met their variant. Clients report it once per session.
 * They report it by themselves, with `context.active: false`, so it is no activity.
 */
export const flagExposed = event('Flag Exposed', z.looseObject({ flag: z.string(), variant: z.string() }), {
  flag: 'new-checkout',
  variant: 'one-page',
});

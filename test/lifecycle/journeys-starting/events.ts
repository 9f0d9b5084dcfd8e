import { z } from 'zod';
import { event } from 'sojourn';

export const joined = event('Joined', z.object({ level: z.string() }), { level: 'beginner' });
export const passed = event('Passed', z.object({}), {});

import { z } from 'zod';
import { event } from 'sojourn';

export const started = event('Started', z.object({}), {});
export const projectCreated = event('Project Created', z.object({}), {});

import { z } from 'zod';
import { event } from 'sojourn';

const none = z.object({});

export const started = event('Started', none, {});
export const poked = event('Poked', none, {});
export const left = event('Left', none, {});
export const synced = event('Sync Asked', none, {});
export const broke = event('Broke', none, {});
export const offered = event('Offered', none, {});
export const napped = event('Napped', none, {});

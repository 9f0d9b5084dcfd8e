import { z } from 'zod';
import { event } from 'sojourn';

export const parcelSent = event('Parcel Sent', z.object({}), {});
export const parcelWaits = event('Parcel Waits', z.object({}), {});
export const parcelReturns = event('Parcel Returns', z.object({}), {});

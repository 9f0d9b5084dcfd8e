import { z } from 'zod';
import { event } from 'sojourn';

export const parcelSent = event('Parcel Sent', z.object({ parcel: z.string() }), { parcel: 'P7' });

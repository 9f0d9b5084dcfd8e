import { z } from 'zod';
import { event } from 'sojourn';

export const asked = event('Coupon Asked', z.object({ service: z.string(), onFailure: z.enum(['null', 'park']) }), {
  service: 'https://coupons.example.com',
  onFailure: 'null',
});

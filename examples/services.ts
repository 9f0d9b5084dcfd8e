import { z } from 'zod';
import type { CallContext, JsonObject } from 'sojourn';

/*
 * The services of the team. Examples reach them by `j.call` only, and tests put stand-ins in their place.
 */

/** Asks a service for something, once for each key. */
async function ask<Answer>(
  path: string,
  { user, idempotencyKey }: CallContext,
  answer: z.ZodType<Answer>,
  body: JsonObject = {},
): Promise<Answer> {
  const response = await fetch(`https://services.example.com/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify({ user: user.id, ...body }),
  });
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  return answer.parse(await response.json());
}

/** Makes a coupon for ten percent. */
export async function makeCoupon(context: CallContext): Promise<{ code: string }> {
  return ask('coupons', context, z.object({ code: z.string() }));
}

/** Opens a ticket for support. */
export async function openTicket(context: CallContext, about: JsonObject): Promise<{ ticket: string }> {
  return ask('tickets', context, z.object({ ticket: z.string() }), about);
}

/** What is new for the user. */
export async function whatIsNew(context: CallContext): Promise<{ title: string; url: string }[]> {
  return ask('news', context, z.array(z.object({ title: z.string(), url: z.string() })));
}

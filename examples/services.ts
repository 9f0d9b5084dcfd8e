import { z } from 'zod';
import type { CallContext, JsonObject } from 'sojourn';

/*
 * The services of the team. Examples reach them by `j.call` only, and tests put stand-ins in their place.
 */
const SERVICES = process.env['SERVICES_URL'] ?? 'https://services.example.com';

/** Asks a service for something, once for each key. */
async function ask<Answer>(
  path: string,
  { user, idempotencyKey }: CallContext,
  answer: z.ZodType<Answer>,
  body: JsonObject = {},
): Promise<Answer> {
  const response = await fetch(`${SERVICES}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify({ user: user.id, ...body }),
  });
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  return answer.parse(await response.json());
}

const withCode = z.object({ code: z.string() });

/** Closes the account of the user. */
export async function closeAccount(context: CallContext): Promise<null> {
  await ask('accounts/close', context, z.unknown());
  return null;
}

/** Makes a coupon for ten percent. */
export async function makeCoupon(context: CallContext): Promise<{ code: string }> {
  return ask('coupons', context, withCode);
}

/** Makes a voucher, and returns its code. */
export async function makeVoucher(context: CallContext): Promise<string> {
  const { code } = await ask('vouchers', context, withCode);
  return code;
}

/** Opens a ticket for support, and returns its number. */
export async function openTicket(context: CallContext, about: JsonObject): Promise<string> {
  const { number } = await ask('tickets', context, z.object({ number: z.string() }), about);
  return number;
}

/** Tells a colleague, or a team, in our chat. */
export async function tellInChat(context: CallContext, message: { to: string; text: string }): Promise<null> {
  await ask('chat', context, z.unknown(), message);
  return null;
}

/** What is new for the user. */
export async function whatIsNew(context: CallContext): Promise<{ title: string; url: string }[]> {
  return ask('news', context, z.array(z.object({ title: z.string(), url: z.string() })));
}

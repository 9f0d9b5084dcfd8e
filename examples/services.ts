import type { CallContext, JsonObject } from 'sojourn';

/** Asks a service of ours for something, once for each key. */
async function ask(path: string, { idempotencyKey }: CallContext, body: JsonObject): Promise<JsonObject> {
  const answer = await fetch(`https://services.example.com/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The service answered ${answer.status}.`);
  return (await answer.json()) as JsonObject;
}

/** Closes the account of the user. */
export async function closeAccount(context: CallContext): Promise<null> {
  await ask('accounts/close', context, { user: context.user.id });
  return null;
}

/** Makes a voucher, and returns its code. */
export async function makeVoucher(context: CallContext): Promise<string> {
  const { code } = await ask('vouchers', context, { user: context.user.id });
  return code as string;
}

/** Opens a ticket for support, and returns its number. */
export async function openTicket(context: CallContext, about: JsonObject): Promise<string> {
  const { number } = await ask('tickets', context, { ...about, user: context.user.id });
  return number as string;
}

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

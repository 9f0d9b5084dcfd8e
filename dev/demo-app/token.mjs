/**
 * Asks the server for a token of a person of the demo, as an app asks its own.
 * @throws {Error} with the words of the server, for an id that nobody of the demo can have
 */
export async function tokenOf(id) {
  const answer = await fetch(new URL('token', import.meta.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ id }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body.token;
}

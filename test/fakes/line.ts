import { startFake, type FakeService, type Reply } from './service';

/** Starts a stand-in for LINE's Messaging API that knows the token `line-token` and people whose id begins with U. */
export function startLine(): Promise<FakeService> {
  const taken = new Set<unknown>();
  return startFake(({ method, path, headers, body }): Reply => {
    if (method !== 'POST' || path !== '/v2/bot/message/push') return { status: 404, body: { message: 'Not found' } };
    if (headers.authorization !== 'Bearer line-token')
      return { status: 401, body: { message: 'Authentication failed. Confirm that the access token is valid.' } };
    const { to = '', messages = [] } = JSON.parse(body) as {
      to?: string;
      messages?: { type: string; text?: unknown }[];
    };
    if (!to.startsWith('U'))
      return {
        status: 400,
        body: { message: "The property, 'to', in the request body is invalid (line: -, column: -)" },
      };
    if (messages.some(({ text }) => typeof text !== 'string'))
      return { status: 400, body: { message: 'The request body has 1 error(s)' } };
    const key = headers['x-line-retry-key'];
    const sentMessages = messages.map((_, n) => ({ id: `46123044969427${n}`, quoteToken: 'q' }));
    if (taken.has(key)) return { status: 409, body: { message: 'The retry key is already accepted', sentMessages } };
    taken.add(key);
    return { status: 200, body: { sentMessages } };
  });
}

import { channel, type OwnDelivery } from 'sojourn';

/**
 * Messages by LINE (https://developers.line.biz/en/reference/messaging-api/#send-push-message). The app stores the person's LINE id as
 * the trait `lineId` when they add its account as a friend.
 */
export default channel('line', {
  label: 'LINE',
  trait: 'lineId',
  cap: { day: 1, week: 3 },
  rate: '2000/second',
  settings: {
    token: { env: 'LINE_CHANNEL_ACCESS_TOKEN' },
    url: { env: 'LINE_API_URL', otherwise: 'https://api.line.me' },
  },
  async send({ id, to, content }, { token, url }, signal): Promise<OwnDelivery> {
    const response = await fetch(`${url}/v2/bot/message/push`, {
      method: 'POST',
      // LINE drops a repetition with the same key for 24 hours.
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-line-retry-key': id },
      body: JSON.stringify({ to, messages: [{ type: 'text', text: content['text'] }] }),
      redirect: 'error',
      signal,
    });
    const detail = `${response.status} ${(await response.text()).slice(0, 500)}`;
    // 409: an earlier attempt was taken, and its answer got lost.
    if (response.ok || response.status === 409) return { outcome: 'sent' };
    if (response.status === 400) return { outcome: 'refused', detail };
    return {
      outcome: 'retry',
      code: `line ${response.status}`,
      detail,
      retryAfter: response.headers.get('retry-after'),
    };
  },
});

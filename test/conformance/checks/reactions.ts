import { strict as assert } from 'node:assert';
import { signUserToken } from '../../../config/tokens';
import { SECRET } from '../../api/server';
import { reactionsTo } from '../../sdk/in-app';
import type { Check } from '../bench';
import type { Instead, Seen } from '../proxy';

const isPost = ({ method }: Seen): boolean => method === 'POST';
const lastPart = ({ path }: Seen): string | undefined => path.split('/').at(-1);

/** How a client reports what the user did with messages. */
export const REACTION_CHECKS: readonly Check[] = [
  {
    name: 'each reaction has its request',
    says: '| `POST /v1/inbox/{id}/dismissed` |',
    run: async (bench) => {
      const { proxy } = bench;
      const choices = [{ value: 'yes', label: 'Yes' }];
      const snooze = { label: 'Later', seconds: 60 };
      const card = await bench.deliver({ kind: 'card', title: 'first', choices });
      const later = await bench.deliver({ kind: 'modal', title: 'second', snooze });
      const questions = [{ id: 'why', type: 'text', ask: 'Why?' }];
      const survey = await bench.deliver({ kind: 'survey', title: 'third', questions });
      const client = await bench.start();
      await bench.untilMessages(client, survey, later, card);
      for (const reaction of ['seen', 'clicked']) await client.react(card, reaction);
      await client.tell({ do: 'answer', message: card, value: 'yes' });
      await client.react(card, 'dismissed');
      await client.react(later, 'snoozed');
      await client.tell({ do: 'answerQuestions', message: survey, answers: { why: 'So.' }, done: true });
      await bench.until(
        'all are accepted',
        () => proxy.requests('POST').filter(({ status }) => status === 204).length === 6,
      );
      assert.deepEqual(
        proxy.requests('POST').map(({ path, body }) => [path, body === '' ? null : (JSON.parse(body) as unknown)]),
        [
          [`/v1/inbox/${card}/seen`, null],
          [`/v1/inbox/${card}/clicked`, null],
          [`/v1/inbox/${card}/answer`, { value: 'yes' }],
          [`/v1/inbox/${card}/dismissed`, null],
          [`/v1/inbox/${later}/snoozed`, null],
          [`/v1/inbox/${survey}/answer`, { answers: { why: 'So.' }, done: true }],
        ],
      );
    },
  },
  {
    name: 'reactions are sent in the order in which they happened',
    says: 'It keeps them in the order in which they happened.',
    speed: 5,
    run: async (bench) => {
      const { proxy } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      proxy.rule = (seen) => (isPost(seen) && proxy.requests('POST').length <= 2 ? { status: 503 } : undefined);
      for (const reaction of ['seen', 'clicked', 'dismissed']) await client.react(message, reaction);
      await bench.until('the last is accepted', async () =>
        (await reactionsTo(bench.api, message)).includes('dismissed'),
      );
      assert.deepEqual(proxy.requests('POST').map(lastPart), ['seen', 'seen', 'seen', 'clicked', 'dismissed']);
    },
  },
  {
    name: 'a reaction is repeated after an error of the server, and where no answer came',
    says: 'a client repeats one until it gets an answer that is not 5xx or 429, also after a restart',
    speed: 20,
    run: async (bench) => {
      const { proxy } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      const answers: Instead[] = [{ status: 500 }, { status: 503 }, { status: 429 }, { status: 408 }, 'cut'];
      proxy.rule = (seen) => (isPost(seen) ? answers.shift() : undefined);
      await client.react(message, 'seen');
      await client.react(message, 'clicked');
      await bench.until('both are accepted', async () => (await reactionsTo(bench.api, message)).includes('clicked'));
      assert.deepEqual(proxy.requests('POST').map(lastPart), [...Array<string>(6).fill('seen'), 'clicked']);
    },
  },
  {
    name: 'a reaction that is refused for its token is repeated with a new one',
    says: 'Answers with status 4xx other than 401, 408 and 429 drop the item.',
    run: async (bench) => {
      const { proxy, user } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const renewed = await signUserToken(SECRET, user.id, 1_800_000);
      const client = await bench.start({ token: renewed });
      await bench.untilMessages(client, message);
      proxy.rule = (seen) =>
        isPost(seen) && seen.headers.authorization === `Bearer ${renewed}` ? { status: 401 } : undefined;
      await client.react(message, 'seen');
      await bench.until('it is accepted', async () => (await reactionsTo(bench.api, message)).includes('seen'));
    },
  },
  {
    name: 'what is refused for good is dropped, and what follows is sent',
    says: 'Answers with status 4xx other than 401, 408 and 429 drop the item.',
    run: async (bench) => {
      const { proxy } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      const statuses = [400, 403, 404, 409, 413, 422];
      const left = [...statuses];
      proxy.rule = (seen) => {
        const status = isPost(seen) ? left.shift() : undefined;
        return status === undefined ? undefined : { status };
      };
      for (const [index] of statuses.entries()) {
        await client.tell({ do: 'answer', message, value: `refused ${index}` });
        await bench.until('it is refused', () => proxy.requests('POST')[index]?.status);
      }
      await client.react(message, 'seen');
      await bench.until('what follows is accepted', async () =>
        (await reactionsTo(bench.api, message)).includes('seen'),
      );
      assert.equal(proxy.requests('POST').length, statuses.length + 1);
    },
  },
  {
    name: 'a vote whose answer was lost is repeated, and counts once',
    says: 'Every reaction is idempotent',
    run: async (bench) => {
      const { proxy, user } = bench;
      const options = ['red', 'blue'].map((value) => ({ value, label: value }));
      const message = await bench.deliver({ kind: 'poll', title: 'Which?', poll: user.id, options });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      let lost = 0;
      proxy.rule = (seen) => (isPost(seen) && lost++ === 0 ? 'lose the answer' : undefined);
      await client.tell({ do: 'answer', message, value: 'red' });
      await bench.until('it is accepted', () => proxy.requests('POST').some(({ status }) => status === 204));
      assert.deepEqual(
        proxy.requests('POST').map(({ body }) => JSON.parse(body) as unknown),
        [{ value: 'red' }, { value: 'red' }],
      );
      const { polls } = (await bench.elsewhere('GET', '/v1/in-app')).body as { polls: Record<string, unknown> };
      assert.deepEqual(polls[user.id], { votes: { red: 1 }, total: 1 });
    },
  },
];

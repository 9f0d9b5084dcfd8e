import { join } from 'node:path';
import { answered, seen } from 'sojourn';
import { templatesIn, traveller, type Traveller } from 'sojourn/testing';
import { helpOpened } from '../events';
import policy from '../policy';
import helpBot from './journey';

const templates = templatesIn(join(__dirname, '..'));

async function opened(): Promise<{ readonly ada: Traveller; readonly tickets: string[] }> {
  const tickets: string[] = [];
  const calls = { ticket: () => `T-${tickets.push('opened')}` };
  const traits = { firstName: 'Ada', locale: 'de' };
  const ada = traveller(helpBot, { calls, templates, traits, with: { policy } });
  await ada.track(helpOpened, {});
  return { ada, tickets };
}

const said = ({ mailbox }: Traveller): string[] =>
  mailbox.map(({ channel, subject, text }) => (channel === 'inApp' ? text : `mail: ${subject}`));

test('the bot asks in the language of the user', async () => {
  const { ada } = await opened();
  expect(ada.inbox.map(({ content }) => content)).toMatchObject([
    {
      kind: 'chat',
      body: 'Hallo! Wie können wir helfen?',
      choices: [{}, { label: 'Ich möchte mein Geld zurück' }, {}],
    },
  ]);
});

test('an order: where it is, and no ticket if that helped', async () => {
  const { ada, tickets } = await opened();
  await ada.react('topic', answered, 'order');
  await ada.react('helped', answered, 'yes');
  expect(said(ada)).toEqual([
    'Hallo! Wie können wir helfen?',
    'Your orders are under "My orders", each with the place where it is now.',
    'Hat das geholfen?',
  ]);
  expect(tickets).toEqual([]);
});

test('an order, but it did not help: a ticket', async () => {
  const { ada, tickets } = await opened();
  await ada.react('topic', answered, 'order');
  await ada.react('helped', answered, 'no');
  expect(tickets).toEqual(['opened']);
  expect(said(ada).at(-1)).toContain('T-1');
});

test('who leaves at once gets the question by mail, and a link in it answers', async () => {
  const { ada, tickets } = await opened();
  await ada.forward('10 minutes');
  expect(said(ada).at(-1)).toBe('mail: Hallo! Wie können wir helfen?');
  expect(ada.mailbox.at(-1)?.html).toContain('https://example.com/refund');
  await ada.react('topic', answered, 'refund');
  expect(tickets).toEqual(['opened']);
});

test('who has seen the question gets no mail', async () => {
  const { ada } = await opened();
  await ada.react('topic', seen);
  await ada.forward('2 days');
  expect(said(ada)).toEqual(['Hallo! Wie können wir helfen?']);
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'no answer' }]);
});

test('whoever asks for help again is asked again', async () => {
  const { ada } = await opened();
  await ada.react('topic', answered, 'order');
  await ada.react('helped', answered, 'yes');
  await ada.track(helpOpened, {});
  expect(said(ada).at(-1)).toBe('Hallo! Wie können wir helfen?');
});

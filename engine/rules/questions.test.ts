import { z } from 'zod';
import { event } from '../authoring/event';
import { answered } from '../authoring/message-events';
import { journey, type Journey, type Question } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import { policy } from '../policy/define';
import { explore, type TreeWay } from '../explore';
import { outline } from '../outline/outline';
import { mermaid } from '../outline/mermaid';
import { signedUp } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** A question is made of messages and waits, so it has their rules. These are the ones that are its own. */

const HELP = {
  text: { en: 'How can we help?', de: 'Wie können wir helfen?' },
  choices: [
    { value: 'order', label: { en: 'My order', de: 'Meine Bestellung' } },
    { value: 'refund', label: 'A refund' },
  ],
} as const satisfies Question;
const away = { after: '10 minutes', channel: 'email', template: 'help-by-mail' } as const;

/** Asks for help, and sends a mail that is named by the answer. */
const asks = (question: Question, within: '1 day' | '2 days' = '1 day'): Journey =>
  journey('help', { enter: signedUp, transactional: true }, async (j) => {
    const answer = await j.ask('help', question, { within });
    await j.send('then', { email: answer ?? 'nothing' });
  });

const open = policy({ quietHours: null });

async function asked(journeys: Journey, with_ = open): Promise<Traveller> {
  const ada = traveller(journeys, { with: { policy: with_ }, at: '2026-01-05T12:00:00Z' });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const sent = ({ messages }: Traveller): string[] =>
  messages.filter(({ status }) => status === 'queued').map(({ channel, template }) => `${channel} ${template}`);

it('the answer is the value of the choice', async () => {
  const ada = await asked(asks(HELP));
  expect(sent(ada)).toEqual(['inApp $question']);
  await ada.react('help', answered, 'order');
  expect(sent(ada)).toEqual(['inApp $question', 'email order']);
  expect(ada.runs[0]?.journal).toMatchObject([
    { step: 'help', kind: 'send' },
    { step: 'help: answer', kind: 'waitFor', reason: 'Message Answered', figure: 'order' },
    { step: 'then' },
  ]);
});

it('without an answer it is null when the time is up', async () => {
  const ada = await asked(asks(HELP));
  await ada.forward('1 day');
  expect(sent(ada)).toEqual(['inApp $question', 'email nothing']);
  await ada.react('help', answered, 'order');
  expect(sent(ada)).toHaveLength(2);
});

it('who does not see the question is asked by the other channel, and may answer either', async () => {
  const ada = await asked(asks({ ...HELP, away }));
  await ada.forward('9 minutes');
  expect(sent(ada)).toEqual(['inApp $question']);
  await ada.forward('1 minute');
  expect(sent(ada)).toEqual(['inApp $question', 'email help-by-mail']);
  await ada.forward('23 hours');
  await ada.react('help', answered, 'refund');
  expect(sent(ada).at(-1)).toBe('email refund');
});

it.each(['seen', 'answered'])('who has %s the question is not asked by the other channel', async (done) => {
  const ada = await asked(asks({ ...HELP, away }));
  await ada.forward('5 minutes');
  await (done === 'seen'
    ? ada.react('help', { ...answered, name: 'Message Seen' })
    : ada.react('help', answered, 'order'));
  await ada.forward('2 days');
  expect(sent(ada)).toEqual(['inApp $question', done === 'seen' ? 'email nothing' : 'email order']);
});

it('the other channel no longer asks if the person answers while its message is held', async () => {
  const night = policy({ quietHours: { from: '11:00', to: '20:00' } });
  const held = journey('help', { enter: signedUp }, async (j) => {
    const answer = await j.ask('help', { ...HELP, away }, { within: '1 day' });
    await j.award(`said ${answer}`, { points: 1 });
  });
  const ada = await asked(held, night);
  await ada.forward('1 hour');
  expect(ada.runs[0]?.journal.at(-1)).toMatchObject({ step: 'help: away', status: 'waiting', hold: 'quiet hours' });
  await ada.react('help', answered, 'order');
  expect(ada.runs[0]?.journal[2]).toMatchObject({ outcome: { status: 'suppressed' }, reason: 'not needed any more' });
  expect(sent(ada)).toEqual(['inApp $question']);
  expect(ada.runs).toMatchObject([{ status: 'completed', journal: { length: 5, 4: { step: 'said order' } } }]);
});

it('the time to answer begins when the person has been asked', async () => {
  const ada = await asked(asks({ ...HELP, away }));
  await ada.forward('24 hours');
  expect(sent(ada)).toHaveLength(2);
  await ada.forward('10 minutes');
  expect(sent(ada).at(-1)).toBe('email nothing');
});

it('the app shows the question for as long as it can be answered', async () => {
  const ada = traveller(
    journey('help', { enter: signedUp }, async (j) => {
      await j.ask('help', HELP, { within: '60 days' });
    }),
    { with: { policy: open }, templates: renders },
  );
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('59 days');
  expect(ada.inbox).toHaveLength(1);
});

const renders = Promise.resolve(({ context: { data, links } }: { context: { data: JsonObject; links: object } }) => ({
  question: data['question'] ?? null,
  links: { ...links },
}));

it('templates see the question in the language of the user, and a link for each choice', async () => {
  const ada = traveller(asks({ ...HELP, away }), {
    ...{ with: { policy: open }, traits: { locale: 'de-CH' }, templates: renders },
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('10 minutes');
  const question = {
    text: 'Wie können wir helfen?',
    choices: [
      { value: 'order', label: 'Meine Bestellung' },
      { value: 'refund', label: 'A refund' },
    ],
  };
  expect(ada.mailbox.map(({ content }) => content['question'])).toEqual([question, question]);
  expect(ada.mailbox[1]?.content['links']).toEqual({
    ...{ unsubscribe: expect.any(String), preferences: expect.any(String), app: expect.any(String) },
    ...{ order: expect.any(String), refund: expect.any(String) },
  });
});

describe('with an answer that is forgotten after two hours', () => {
  const forgetful = event(
    'Message Answered',
    z.looseObject({ value: z.string(), note: z.string().exactOptional() }),
    { value: 'order', note: 'Ada' },
    { forget: { value: '2 hours', note: '1 hour' } },
  );
  const later = journey('help', { enter: signedUp, transactional: true }, async (j) => {
    const answer = await j.ask('help', HELP, { within: '1 day' });
    await j.sleep(`a day after ${answer}`, '1 day');
    await j.send('then', { email: answer ?? 'nothing' });
  });

  it('a run goes on the way of the choice, and keeps nothing else of the answer', async () => {
    const ada = traveller(later, { with: { policy: open, events: [forgetful] }, at: '2026-01-05T12:00:00Z' });
    await ada.track(signedUp, { plan: 'free' });
    const message = ada.messages[0]?.id ?? '';
    const run = ada.runs[0]?.id ?? '';
    await ada.track(forgetful, { message, journey: 'help', step: 'help', run, value: 'refund', note: 'Ada' });
    await ada.forward('3 hours');
    await ada.deploy(later);
    await ada.forward('1 day');
    expect(sent(ada)).toEqual(['inApp $question', 'email refund']);
    expect(ada.runs[0]?.journal.map(({ step, status }) => [step, status])).toEqual(
      ['help', 'help: answer', 'a day after refund', 'then'].map((step) => [step, 'done']),
    );
    const kept = ada.runs[0]?.journal[1]?.outcome as { readonly properties: JsonObject };
    expect(kept.properties).toEqual({ message, journey: 'help', step: 'help', run, value: 'refund' });
  });

  it('explore walks on the way of the choice', async () => {
    const { tree, defects } = await explore(later, { with: { events: [forgetful] } });
    expect(defects).toEqual([]);
    expect(paths(tree)).toEqual(
      ['order', 'refund', 'timeout'].map(
        (way) => `help help: answer → ${way}, a day after ${way === 'timeout' ? 'null' : way} then completed`,
      ),
    );
  });
});

describe('an edit', () => {
  it('of the choices leaves an answer that is none any more without effect', async () => {
    const ada = await asked(asks(HELP));
    await ada.deploy(asks({ ...HELP, choices: [{ value: 'other', label: 'Other' }] }));
    await ada.react('help', answered, 'order');
    expect(sent(ada).at(-1)).toBe('email nothing');
  });

  it('of the time applies to people who wait', async () => {
    const ada = await asked(asks(HELP));
    await ada.deploy(asks(HELP, '2 days'));
    await ada.forward('1 day');
    expect(sent(ada)).toHaveLength(1);
    await ada.forward('1 day');
    expect(sent(ada).at(-1)).toBe('email nothing');
  });

  it('that adds the other channel does not ask people again who wait for the answer', async () => {
    const ada = await asked(asks(HELP));
    await ada.deploy(asks({ ...HELP, away }));
    await ada.forward('1 hour');
    expect(sent(ada)).toEqual(['inApp $question']);
    await ada.react('help', answered, 'order');
    expect(sent(ada).at(-1)).toBe('email order');
  });

  it('that removes the other channel lets people who are not seen yet wait for the answer', async () => {
    const ada = await asked(asks({ ...HELP, away }));
    await ada.forward('5 minutes');
    await ada.deploy(asks(HELP));
    await ada.forward('1 hour');
    expect(sent(ada)).toEqual(['inApp $question']);
    await ada.react('help', answered, 'order');
    expect(sent(ada).at(-1)).toBe('email order');
  });

  it('of the name asks people who have not answered anew, and nobody else', async () => {
    const renamed = (step: string): Journey =>
      journey('help', { enter: signedUp, transactional: true }, async (j) => {
        const answer = await j.ask(step, HELP, { within: '1 day' });
        await j.sleep('a week', '7 days');
        await j.send('then', { email: answer ?? 'nothing' });
      });
    const ada = await asked(renamed('help'));
    await ada.deploy(renamed('assist'));
    expect(sent(ada)).toEqual(['inApp $question', 'inApp $question']);
    await ada.react('assist', answered, 'order');
    await ada.deploy(renamed('support'));
    expect(sent(ada)).toHaveLength(2);
  });
});

it.each([
  ['no choices', { ...HELP, choices: [] }, 'ask: choices:'],
  ['a value twice', { ...HELP, choices: [HELP.choices[0], HELP.choices[0]] }, 'ask: choices: must be different values'],
  [
    'the name of another link',
    { ...HELP, choices: [{ value: 'app', label: 'App' }] },
    'ask: choices.0.value: must not be',
  ],
  ['no text', { ...HELP, text: '' }, 'ask: text:'],
  [
    'what is no name of a channel',
    { ...HELP, away: { ...away, channel: 'SMS' } },
    'ask: away.channel: must be the name of a channel: email, webPush,',
  ],
  [
    'the app as the other channel',
    { ...HELP, away: { ...away, channel: 'inApp' } },
    'ask: away.channel: must be another',
  ],
])('a question with %s parks the run', async (_, question, error) => {
  const ada = await asked(asks(question));
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'help' } }]);
  expect(ada.runs[0]?.failure?.error).toContain(error);
});

function paths(ways: readonly TreeWay[]): string[] {
  return ways.flatMap(({ outcome, next }) => {
    const rest = 'end' in next ? [next.end] : paths(next.ways).map((path) => `${next.step} ${path}`);
    return rest.map((path) => (outcome === '' ? path : `→ ${outcome}, ${path}`));
  });
}

it('explore walks each choice, no answer, and the message to somebody who is away', async () => {
  const { tree, defects } = await explore(asks({ ...HELP, away }));
  const ends = [': answer → order, then', ': answer → refund, then', ': answer → timeout, then'];
  const [before] = paths(tree).map((path) => path.slice(0, path.indexOf('help')));
  expect(defects).toEqual([]);
  expect(paths(tree).sort()).toEqual(
    ends
      .flatMap((end) => [
        `${before}help help: seen → Message Seen, help${end} completed`,
        `${before}help help: seen → timeout, help: away help${end} completed`,
      ])
      .sort(),
  );
});

it('explore finds a question without an end, and steps that no answer leads to', async () => {
  const { defects } = await explore(
    journey('help', { enter: signedUp }, async (j) => {
      const answer = await j.ask('help', HELP);
      if (answer === null) await j.award('never', { points: 1 });
    }),
  );
  expect(defects.map(({ kind, step }) => [kind, step])).toEqual([
    ['unreached step', 'never'],
    ['endless wait', 'help: answer'],
  ]);
});

it('the diagram shows the question and its answers', async () => {
  const diagram = mermaid('Signed Up', await outline(asks(HELP)));
  expect(diagram).toContain('"help<br/>send: How can we help?"');
  for (const answer of ['order', 'refund', 'timeout']) expect(diagram).toContain(`|"${answer}"|`);
});

it('onEdit may lead to a step of a question, and to none that it does not have', async () => {
  const leading = (to: string): Journey =>
    journey('help', { enter: signedUp, onEdit: { from: 'gone', to } }, async (j) => {
      await j.ask('help', HELP, { within: '1 day' });
    });
  expect((await explore(leading('help: answer'))).defects).toEqual([]);
  expect((await explore(leading('help: reply'))).defects).toHaveLength(1);
});

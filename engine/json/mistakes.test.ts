import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { misfitsIn, mistakesIn } from './mistakes';
import { journeyDefinition } from './schema';

const out = { kind: 'exit', step: 'out' };
const given = (change: object): string[] =>
  mistakesIn(journeyDefinition.parse({ enter: { kind: 'manual' }, steps: [out], ...change }), new Map()).map(
    ({ path }) => path.join('/'),
  );

it.each<[string, object, string[]]>([
  ['nothing', {}, []],
  ['an unknown trigger', { enter: { kind: 'event', event: 'Nowhere' } }, ['enter/event']],
  ['any activity as the trigger', { enter: { kind: 'event', event: '*' } }, ['enter/event']],
  ['any activity as a milestone', { enter: { kind: 'milestone', event: '*', counts: [1] } }, ['enter/event']],
  ['an unknown exit', { exit: ['*', 'Nowhere'] }, ['exit/1']],
  ['an unknown goal', { goal: { event: 'Nowhere' } }, ['goal/event']],
  [
    'any activity with a filter',
    { exit: [{ event: '*', where: { plan: 'pro' } }], goal: { event: '*', where: { plan: 'pro' } } },
    ['exit/0/where', 'goal/where'],
  ],
  [
    'an unknown event with a filter',
    { steps: [{ kind: 'waitFor', step: 'w', events: ['*', { event: 'X', where: { plan: 'pro' } }] }] },
    ['steps/0/events/1/event'],
  ],
  [
    'a filter of a property that the event does not have',
    {
      events: { Ordered: { example: { total: 7, shop: { city: 'Bonn' }, 'a.b': 1 } } },
      enter: { kind: 'event', event: 'Ordered', where: { totl: { atLeast: 1 }, 'shop.city': 'Bonn', 'a.b': 1 } },
      steps: [{ kind: 'waitFor', step: 'w', events: [{ event: 'Ordered', where: { 'shop.street': 'Hay' } }] }],
    },
    ['enter/where/totl', 'steps/0/events/0/where/shop.street'],
  ],
  [
    'an unknown event of a wait in a branch',
    { steps: [{ kind: 'check', step: 'is it', if: true, otherwise: [{ kind: 'waitFor', step: 'w', events: ['X'] }] }] },
    ['steps/0/otherwise/0/events/0'],
  ],
  [
    'a name used in two branches',
    { steps: [{ kind: 'check', step: 'is it', if: true, then: [out], otherwise: [out] }] },
    ['steps/0/otherwise/0/step'],
  ],
  ['a redirection to an unknown step', { onEdit: { from: 'old', to: 'nowhere' } }, ['onEdit/to']],
  [
    'a redirection to the step itself',
    {
      onEdit: [
        { from: 'old', to: 'out' },
        { from: 'out', to: 'out' },
      ],
    },
    ['onEdit/1/to'],
  ],
  ['an award of nothing', { steps: [{ kind: 'award', step: 'prize' }] }, ['steps/0']],
  [
    'a channel listed twice',
    {
      steps: [
        {
          kind: 'send',
          step: 'hello',
          messages: [
            { channel: 'email', template: 'a' },
            { channel: 'email', template: 'b' },
          ],
        },
      ],
    },
    ['steps/0/messages/1/channel'],
  ],
  [
    'a variant named twice',
    {
      steps: [
        {
          kind: 'experiment',
          step: 'tone',
          variants: [
            { name: 'a', weight: 1 },
            { name: 'a', weight: 1 },
          ],
        },
      ],
    },
    ['steps/0/variants/1/name'],
  ],
  [
    'a variant named by a number, which would not keep its place',
    {
      steps: [
        {
          kind: 'check',
          step: 'is it',
          if: true,
          then: [
            {
              kind: 'experiment',
              step: 'tone',
              variants: [
                { name: 'a', weight: 1 },
                { name: '3rd', weight: 1 },
                { name: '3', weight: 1 },
              ],
            },
          ],
        },
      ],
    },
    ['steps/0/then/0/variants/2/name'],
  ],
])('the place is reported: %s', (_, change, expected) => {
  expect(given(change)).toEqual(expected);
});

it('a definition may declare events of its own, but not one of the catalogue', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Answered' },
    events: { Answered: { example: {} } },
    steps: [out],
  });
  expect(mistakesIn(definition, new Map())).toEqual([]);
  const known = { kind: 'event', name: 'Answered', schema: null, example: {} } as const;
  expect(mistakesIn(definition, new Map([['Answered', known]]))).toMatchObject([{ path: ['events', 'Answered'] }]);
});

it('a published definition with variants named by numbers still runs', () => {
  const variants = ['1', '2'].map((name) => ({ name, weight: 1 }));
  const definition = journeyDefinition.parse({
    enter: { kind: 'manual' },
    steps: [{ kind: 'experiment', step: 'tone', variants }],
  });
  expect(misfitsIn(definition, new Map())).toEqual([]);
});

describe('the channels that a definition names', () => {
  const LINE: ChannelSpec = { name: 'line', label: 'LINE', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS };
  const OWN = [LINE, { ...LINE, name: 'crm', toPerson: false }];
  const named: Record<string, readonly [step: (channel: string) => object, path: string]> = {
    'a message': [
      (channel) => ({
        kind: 'send',
        messages: [
          { channel: 'email', template: 'a' },
          { channel, template: 'a' },
        ],
      }),
      '/messages/1/channel',
    ],
    'a question': [
      (channel) => ({
        kind: 'ask',
        text: 'How are you?',
        choices: [{ value: 'fine', label: 'Fine' }],
        away: { after: '1 hour', channel, template: 'a' },
      }),
      '/away/channel',
    ],
    'an answer about consent': [(channel) => ({ kind: 'consent', channels: { [channel]: false } }), '/channels/'],
    'a condition': [
      (channel) => ({ kind: 'check', if: { and: [true, { '!': { var: `user.consent.${channel}` } }] } }),
      '/if/and/1/!/var',
    ],
  };
  const mistakesWith = (step: object, find = mistakesIn): string[] => {
    const definition = journeyDefinition.parse({ enter: { kind: 'manual' }, steps: [{ ...step, step: 'x' }] });
    return find(definition, new Map(), OWN).map(({ path, message }) => `/${path.join('/')}: ${message}`);
  };
  const SHIPPED = 'email, webPush, inApp, push, sms, voice, whatsApp';

  it.each(Object.keys(named))('%s may name each channel that ships, and the team’s own', (what) => {
    for (const channel of ['line', 'email', 'sms']) {
      const step = named[what]?.[0](what === 'a message' && channel === 'email' ? 'push' : channel) ?? {};
      expect(mistakesWith(step)).toEqual([]);
    }
  });

  it.each(['a message', 'a question'])(
    '%s that goes out by none of them is refused, also once it is published',
    (what) => {
      const [step, path] = named[what] ?? [];
      const there = `There are ${SHIPPED}, webhook, slack, teams, line, crm.`;
      expect(mistakesWith(step?.('crm') ?? {})).toEqual([]);
      for (const find of [mistakesIn, misfitsIn]) {
        expect(mistakesWith(step?.('fax') ?? {}, find)).toEqual([
          `/steps/0${path}: There is no channel 'fax'. ${there} A channel of your own is a file channels/fax.ts.`,
        ]);
        expect(mistakesWith(step?.('SMS') ?? {}, find)).toEqual([
          `/steps/0${path}: There is no channel 'SMS'. ${there}`,
        ]);
      }
    },
  );

  it.each(['an answer about consent', 'a condition'])('%s is about a channel that reaches people', (what) => {
    const [step, path] = named[what] ?? [];
    for (const channel of ['fax', 'SMS', 'crm', 'slack'])
      expect(mistakesWith(step?.(channel) ?? {})).toEqual([
        `/steps/0${path}${what === 'a condition' ? '' : channel}: There is no channel '${channel}' that reaches people. There are ${SHIPPED}, line.`,
      ]);
  });
});

import { checkTemplate } from '../../activities/templates/check';
import type { InAppContent } from '../../activities/templates/content';
import type { Content } from '../../sdk/browser/src/wire';
import { context, templatesOf } from './fixture';

const render = async (yaml: string): Promise<InAppContent> =>
  (await templatesOf({ 'a/templates/x.in-app.yaml': yaml })).get('a', 'inApp', 'x').render(context);

/** What the check at start says of a template, without its folder. */
async function problemsOf(yaml: string): Promise<string[]> {
  const templates = await templatesOf({ 'a/templates/x.in-app.yaml': yaml });
  return checkTemplate(templates, { journey: 'a', step: 's', channel: 'inApp', name: 'x', context }).map((problem) =>
    problem.replace(/^.*a\/templates\//, ''),
  );
}

test.each([
  ['banner', 'edge: bottom', { edge: 'bottom' }],
  ['modal', 'image: { url: /a.png, alt: A chart }', { image: { url: '/a.png', alt: 'A chart' } }],
  ['slide-in', 'snooze: { label: Later, seconds: 3600 }', { snooze: { label: 'Later', seconds: 3600 } }],
  ['prompt', 'priority: -5', { priority: -5 }],
  ['tip', 'anchor: \'#export > a[href="/x"]:hover\'', { anchor: '#export > a[href="/x"]:hover' }],
  ['card', 'video: https://example.com/v.mp4', { video: 'https://example.com/v.mp4' }],
  [
    'survey',
    `thanks: Thanks!
questions:
  - { id: score, type: nps, ask: 'How likely?', next: [{ atLeast: 9, to: end }, { is: 0, to: why }] }
  - { id: features, type: choices, ask: 'Which?', max: 2, options: [{ value: a, label: A }, { value: b, label: B }], next: [{ is: a, to: why }] }
  - { id: look, type: scale, ask: 'How nice?', optional: true }
  - { id: why, type: text, ask: 'Why, {{ user.traits.firstName }}?' }`,
    {
      thanks: 'Thanks!',
      questions: [
        {
          ...{ id: 'score', type: 'nps', ask: 'How likely?' },
          next: [
            { atLeast: 9, to: 'end' },
            { is: 0, to: 'why' },
          ],
        },
        {
          ...{ id: 'features', type: 'choices', ask: 'Which?', max: 2, next: [{ is: 'a', to: 'why' }] },
          options: [
            { value: 'a', label: 'A' },
            { value: 'b', label: 'B' },
          ],
        },
        { id: 'look', type: 'scale', ask: 'How nice?', optional: true, min: 1, max: 5 },
        { id: 'why', type: 'text', ask: 'Why, Ada?' },
      ],
    },
  ],
  [
    'rating',
    `yes: { label: 'Yes', title: Rate us, actionLabel: Rate, url: https://store.example.com }
no: { label: 'No', title: Tell us }`,
    {
      yes: { label: 'Yes', title: 'Rate us', actionLabel: 'Rate', url: 'https://store.example.com' },
      no: { label: 'No', title: 'Tell us' },
    },
  ],
  [
    'poll',
    'poll: colour\noptions: [{ value: r, label: Red }, { value: b, label: Blue }]\nchange: true\nresults: always',
    {
      ...{ poll: 'colour', change: true, results: 'always' },
      options: [
        { value: 'r', label: 'Red' },
        { value: 'b', label: 'Blue' },
      ],
    },
  ],
  [
    'quiz',
    "poll: sum\noptions: [{ value: '4', label: '4' }, { value: '5', label: '5' }]\nright: '4'\nexplanation: Count.\npoints: 10",
    {
      ...{ poll: 'sum', right: '4', explanation: 'Count.', points: 10 },
      options: [
        { value: '4', label: '4' },
        { value: '5', label: '5' },
      ],
    },
  ],
  [
    'progress',
    "progress: 0.5\nsteps:\n  - { label: Placed, done: '{% if data.count == 3 %}true{% endif %}' }\n  - { label: Ready, done: '{% if data.count == 4 %}true{% endif %}' }",
    {
      progress: 0.5,
      steps: [
        { label: 'Placed', done: true },
        { label: 'Ready', done: false },
      ],
    },
  ],
  ['checklist', 'items: [{ label: Sign up, url: /a }]', { items: [{ label: 'Sign up', url: '/a', done: false }] }],
  ['celebration', "badge: Pro\npoints: '{{ data.count }}'\nstreak: 7", { badge: 'Pro', points: 3, streak: 7 }],
])('a %s has its own members', async (kind, own, expected) => {
  const content: Content = await render(`kind: ${kind}\ntitle: T\nbody: B\nactionLabel: Go\nurl: /go\n${own}`);
  expect(content).toEqual({ kind, title: 'T', body: 'B', actionLabel: 'Go', url: '/go', ...expected });
});

test('a chat says something, and may have choices', async () => {
  const content: Content = await render(
    'kind: chat\nbody: Hi {{ user.traits.firstName }}\nchoices: [{ value: a, label: A }]',
  );
  expect(content).toEqual({ kind: 'chat', body: 'Hi Ada', choices: [{ value: 'a', label: 'A' }] });
  expect(await problemsOf('kind: chat\nbody: Hi')).toEqual([]);
  expect(await problemsOf('kind: chat\ntitle: T\nbody: Hi')).toEqual([
    "x.in-app.yaml:2: unknown field 'title'; there are kind, body, choices",
  ]);
});

test('every rule of where is read, and texts and numbers may come from Liquid', async () => {
  const where = `where:
  page: /checkout*
  event: Level {{ data.count }}
  delay: '{{ data.count }}'
  scroll: 50
  idle: 10
  element: '#x'`;
  expect(await render(`kind: modal\ntitle: T\nbody: B\n${where}`)).toMatchObject({
    where: { page: '/checkout*', event: 'Level 3', delay: 3, scroll: 50, idle: 10, element: '#x' },
  });
});

test.each(['banner', 'modal', 'prompt', 'progress', 'card'])(
  'a %s with all members of before goes on working',
  async (kind) => {
    const yaml = `kind: ${kind}\ntitle: T\nbody: B\nactionLabel: Go\nurl: /\nprogress: 0.5\nchoices: [{ value: a, label: A }]`;
    expect(await problemsOf(yaml)).toEqual([]);
  },
);

const survey = (...questions: string[]): string =>
  `kind: survey\ntitle: T\nquestions:\n${questions.map((one) => `  - ${one}`).join('\n')}`;
const quiz = 'kind: quiz\ntitle: T\npoll: p\noptions: [{ value: a, label: A }, { value: b, label: B }]';

test.each([
  [
    'a branch to no question',
    survey('{ id: a, type: nps, ask: A, next: [{ is: 1, to: c }] }', '{ id: b, type: text, ask: B }'),
    '4: questions.0.next.0.to: must be the id of a later question: b, end',
  ],
  [
    'a branch back',
    survey('{ id: a, type: text, ask: A }', '{ id: b, type: nps, ask: B, next: [{ is: 1, to: a }] }'),
    '5: questions.1.next.0.to: must be the id of a later question: end',
  ],
  [
    'a branch for no option',
    survey(
      '{ id: a, type: choice, ask: A, options: [{ value: x, label: X }, { value: y, label: Y }], next: [{ is: z, to: end }] }',
    ),
    '4: questions.0.next.0.is: must be the value of an option: x, y',
  ],
  [
    'an id that is there twice',
    survey('{ id: a, type: text, ask: A }', '{ id: a, type: text, ask: B }'),
    '5: questions.1.id: is the id of two questions',
  ],
  [
    'an unknown type',
    survey('{ id: a, type: yesno, ask: A }'),
    '4: questions.0.type: must be one of choice, choices, scale, nps, stars, text',
  ],
  [
    'a question without a text',
    survey('{ id: a, type: text }'),
    '4: questions.0.ask is missing; add a line such as questions.0.ask: Hello',
  ],
  ['no questions', 'kind: survey\ntitle: T', '1: questions: must be a list of 1 to 30'],
  ['a right option that is none', `${quiz}\nright: c`, '5: right: must be the value of an option'],
  [
    'an option that is there twice',
    quiz.replace('quiz', 'poll').replace('value: b', 'value: a'),
    '4: options.1.value: is there twice',
  ],
  [
    'an option that is too long to be answered',
    quiz.replace('quiz', 'poll').replace('value: b', `value: ${'b'.repeat(201)}`),
    '4: options.1.value: must be a text of at most 200 characters',
  ],
  [
    'a choice that is too long to be answered',
    `kind: modal\ntitle: T\nbody: B\nchoices: [{ value: ${'y'.repeat(201)}, label: 'Yes' }]`,
    '4: choices.0.value: must be a text of at most 200 characters',
  ],
  [
    'a name that is none',
    quiz.replace('quiz', 'poll').replace('poll: p', 'poll: a/b'),
    /^x.in-app.yaml:3: poll: must be a name/,
  ],
  [
    'an anchor that is no selector',
    "kind: tip\ntitle: T\nbody: B\nanchor: '#export['",
    /^x.in-app.yaml:4: anchor: must be a CSS selector/,
  ],
  [
    'an element that is no selector',
    "kind: modal\ntitle: T\nbody: B\nwhere:\n  element: '> a'",
    /^x.in-app.yaml:5: where.element: must be a CSS selector/,
  ],
  [
    'a page that is no path',
    'kind: modal\ntitle: T\nbody: B\nwhere: { page: checkout }',
    '4: where.page: must be a path that begins with /',
  ],
  [
    'a delay that is no number',
    'kind: modal\ntitle: T\nbody: B\nwhere: { delay: 3 s }',
    '4: where.delay: must be a number from 0 to 86400',
  ],
  [
    'a snooze without an end',
    'kind: modal\ntitle: T\nbody: B\nsnooze: { label: Later }',
    '4: snooze.seconds: must be a whole number from 1 to 31536000',
  ],
  [
    'a member of another kind',
    'kind: modal\ntitle: T\nbody: B\nedge: top',
    /^x.in-app.yaml:4: unknown field 'edge'; there are kind, title, body, /,
  ],
  [
    'an unknown kind',
    'kind: popup\ntitle: T\nbody: B',
    /^x.in-app.yaml:1: kind: must be one of banner, modal, slide-in, /,
  ],
  ['no kind', 'title: T\nbody: B', /^x.in-app.yaml:1: kind: must be one of banner, modal, slide-in, /],
])('%s is found at start, with file, line and field', async (_, yaml, problem) => {
  expect(await problemsOf(yaml)).toEqual([
    typeof problem === 'string' ? `x.in-app.yaml:${problem}` : expect.stringMatching(problem),
  ]);
});

test.each(['#a', '.a-b > .c', 'a[href="x > y"]', 'li:nth-child(2n + 1)', '*', '#\\31 x', 'nav a, nav button'])(
  'the selector %s is none that is refused',
  async (selector) => {
    expect(await problemsOf(`kind: tip\ntitle: T\nbody: B\nanchor: '${selector}'`)).toEqual([]);
  },
);

test('a title of more than 60 characters is no mistake', async () => {
  expect(await problemsOf(`kind: modal\ntitle: ${'T'.repeat(100)}\nbody: ${'B'.repeat(300)}`)).toEqual([]);
});

test('two polls of one name must have the same options', async () => {
  const poll = (...values: string[]): string =>
    `kind: poll\ntitle: T\npoll: colour\noptions:\n${values.map((one) => `  - { value: ${one}, label: L }`).join('\n')}`;
  const templates = await templatesOf({
    'a/templates/x.in-app.yaml': poll('red', 'blue'),
    'b/templates/x.in-app.yaml': poll('blue', 'red'),
    'c/templates/x.in-app.yaml': poll('red', 'green'),
  });
  expect(templates.get('b', 'inApp', 'x').render(context)).toMatchObject({ poll: 'colour' });
  expect(() => templates.get('c', 'inApp', 'x')).toThrow(
    "c/templates/x.in-app.yaml:4: options: the poll 'colour' must have the options red, blue, as in a/templates/x.in-app.yaml:4",
  );
});

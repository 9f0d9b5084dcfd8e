import { LIMITS } from '../../activities/templates/limits';
import { context, envelope, mjml, templatesOf, unhurried } from './fixture';
import { inAppChannel } from '../../activities/channels/in-app';

const LISTS = {
  ...context,
  data: {
    ...context.data,
    n: 30_000_000,
    many: Array.from({ length: 60_000 }, (_, x) => ({ x })),
    long: 'x'.repeat(300_000),
  },
};

async function rendered(body: string): Promise<string> {
  const templates = await templatesOf({ 'a/templates/x.in-app.yaml': `kind: card\ntitle: T\nbody: >-\n  ${body}` });
  return templates.get('a', 'inApp', 'x').render(LISTS).body ?? '';
}

const DOUBLED = '{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40);
const APPENDED = '{% for i in (1..100) %}{% assign a = a | append: a %}{% endfor %}';

test.each([
  ['a range', '{% for i in (1..data.n) %}x{% endfor %}', /more than 1000000 characters/],
  ['loops in loops', '{% for i in (1..1000) %}{% for j in (1..900) %}{% endfor %}{% endfor %}', /longer than 200 ms/],
  ['a table', '{% tablerow i in (1..900000) %}x{% endtablerow %}', /longer than 200 ms/],
  ['a text that doubles', `{% assign a = "x" %}${DOUBLED}`, /more than 1000000 characters/],
  ['a text that is appended to itself', `{% assign a = "x" %}${APPENDED}`, /more than 1000000 characters/],
  ['a long text in a loop', '{% for i in (1..9) %}{{ data.long }}{% endfor %}', /more than 1000000 characters/],
  ['padding', '{{ 0 | date: "%9999999999d" }}', /more than 1000000 characters/],
  ['splitting and joining', '{{ data.long | split: "" | join: ", " }}', /more than 1000000 characters/],
  ['replacing', '{{ data.long | replace: "x", data.long }}', /more than 1000000 characters/],
  ['sorting', '{{ data.many | sort: "x" | size }}', /more than 1000000 characters/],
  ['selecting', '{{ data.many | where: "x", 1 | size }}', /more than 1000000 characters/],
  ['searching', '{{ data.many | has_exp: "i", "i.x < 0" }}', /more than 1000000 characters/],
  ['grouping', '{{ data.many | group_by: "x" | size }}', /more than 1000000 characters/],
])('%s beyond the limits is an error of the template that names the line', async (_, body, problem) => {
  await expect(rendered(body)).rejects.toThrow(problem);
  await expect(rendered(body)).rejects.toThrow(/^a\/templates\/x\.in-app\.yaml:[34]: body: /);
});

test('all texts of one message share the limits', async () => {
  const templates = await templatesOf({
    'a/templates/x.in-app.yaml':
      'kind: card\ntitle: "{{ data.long }}{{ data.long }}"\nbody: "{{ data.long }}{{ data.long }}"',
  });
  expect(() => templates.get('a', 'inApp', 'x').render(LISTS)).toThrow(/:3: body: makes more than 1000000/);
});

test('one message beyond the limits is suppressed with its reason, and the next is delivered', async () => {
  const templates = await templatesOf({
    'onboarding/templates/welcome.in-app.yaml':
      'kind: card\ntitle: T\nbody: "{% for i in (1..user.traits.n) %}x{% endfor %}"',
  });
  const saved: unknown[] = [];
  const inbox = { save: async (_: string, content: unknown) => void saved.push(content) };
  const channel = inAppChannel({
    templates,
    publicUrl: 'http://localhost',
    secret: 'a secret of the tests, long enough',
    inbox,
  });
  const to = (n: number) => envelope({ user: { ...context.user, traits: { n } } });
  expect(await channel.deliver(to(30_000_000), unhurried())).toMatchObject({
    outcome: 'suppressed',
    cause: 'template',
    detail: expect.stringContaining('makes more than 1000000 characters and list items'),
  });
  expect(await channel.deliver(to(3), unhurried())).toMatchObject({ outcome: 'sent' });
  expect(saved).toEqual([{ kind: 'card', title: 'T', body: 'xxx' }]);
});

test('a file and what it includes have a length that MJML is given at most', async () => {
  const half = `<mj-section><mj-column><mj-text>${'x'.repeat(LIMITS.parseLimit / 2)}</mj-text></mj-column></mj-section>`;
  const templates = await templatesOf({
    'a/templates/half.mjml': half,
    'a/templates/twice.email.mjml': mjml('Hi').replace(
      '<mj-body>',
      '<mj-body><mj-include path="half.mjml" /><mj-include path="half.mjml" />',
    ),
    'a/templates/long.email.mjml': mjml('x'.repeat(LIMITS.parseLimit)),
    'a/templates/once.email.mjml': mjml('Hi').replace('<mj-body>', '<mj-body><mj-include path="half.mjml" />'),
  });
  expect(() => templates.get('a', 'email', 'twice')).toThrow(
    'a/templates/twice.email.mjml:4: is longer than 500000 characters with everything it includes',
  );
  expect(() => templates.get('a', 'email', 'long')).toThrow(
    'long.email.mjml:1: the file is longer than 500000 characters',
  );
  expect(templates.get('a', 'email', 'once').render(context).subject).toBe('Hello');
});

test('a trait with many spaces in a row takes no longer than its length', async () => {
  const spaces = `${' '.repeat(200_000)}x`;
  const textOf = async (text: string): Promise<string> =>
    (await templatesOf({ 'a/templates/x.email.mjml': mjml(text) }))
      .get('a', 'email', 'x')
      .render({ ...context, data: { spaces } }).text;
  expect(await textOf('Hello {{ data.spaces }}')).toHaveLength('Hello '.length + spaces.length);
  const cell = await textOf('<table><tr><td>Hello {{ data.spaces }}</td><td>y</td></tr></table>');
  expect(cell).toHaveLength('Hello '.length + spaces.length + ' | y'.length);
});

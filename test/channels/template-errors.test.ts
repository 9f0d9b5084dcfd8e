import { checkTemplate } from '../../activities/templates/check';
import { TemplateError } from '../../activities/templates/template-error';
import type { ChannelName } from '../../engine/model/state';
import { context, mjml, templatesOf } from './fixture';

/** What is wrong with a template, without the path of its folder. */
async function problemsOf(channel: ChannelName, files: Readonly<Record<string, string>>): Promise<string[]> {
  const templates = await templatesOf(files);
  try {
    templates.get('a', channel, 'x').render(context);
  } catch (error) {
    if (error instanceof TemplateError) return error.problems.map((problem) => problem.replace('a/templates/', ''));
    throw error;
  }
  return checkTemplate(templates, { journey: 'a', step: 's', channel, name: 'x', context }).map((problem) =>
    problem.replace(/^.*a\/templates\//, ''),
  );
}

const email = (source: string) => problemsOf('email', { 'a/templates/x.email.mjml': source });
const inApp = (source: string) => problemsOf('inApp', { 'a/templates/x.in-app.yaml': source });

describe('the front matter of an email', () => {
  test.each([
    ['a colon', 'subject: Your order: ready', "2: the text of 'subject' needs quotes: subject: 'Your order: ready'"],
    [
      'a colon after a field',
      'preheader: x\nsubject: Hi: you',
      "3: the text of 'subject' needs quotes: subject: 'Hi: you'",
    ],
    [
      'a # that would hide all of it',
      'subject: # 1 in tea',
      "2: # begins a comment here, which is not sent; put the text in quotes, or the comment on its own line: subject: '# 1 in tea'",
    ],
    [
      'a # that would hide its end',
      'subject: Order # 5',
      "2: # begins a comment here, which is not sent; put the text in quotes, or the comment on its own line: subject: 'Order # 5'",
    ],
    [
      'a quote that is not closed',
      'subject: "Hi\npreheader: x',
      "2: the quote that begins the text is not closed: subject: 'Hi'",
    ],
    [
      'a quote inside quotes',
      "subject: 'It's ready'",
      '2: the text goes on after its closing quote: subject: "It\'s ready"',
    ],
    ['text behind quotes', 'subject: "Tea" now', `2: the text goes on after its closing quote: subject: 'Tea" now'`],
    ['a tab', 'subject: Hi\n\tpreheader: x', '3: a tab begins the line; write spaces'],
    ['brackets', 'subject: [Sale] today', "2: the text of 'subject' needs quotes: subject: '[Sale] today'"],
    ['a list', 'subject: [Sale]', '2: subject: must be a text; put it in quotes'],
    [
      'Liquid without quotes',
      'subject: {{ user.id }} hi',
      "2: the text of 'subject' needs quotes: subject: '{{ user.id }} hi'",
    ],
    ['an asterisk', 'subject: *now*', "2: a text that begins with * needs quotes: subject: '*now*'"],
    [
      'an exclamation mark',
      'subject: !now or never',
      "2: a text that begins with ! needs quotes: subject: '!now or never'",
    ],
    ['an ampersand', 'subject: &Co is here', "2: a text that begins with & needs quotes: subject: '&Co is here'"],
    ['an at sign', 'subject: @you', "2: the text of 'subject' needs quotes: subject: '@you'"],
    ['a percent sign', 'subject: %5 off', "2: the text of 'subject' needs quotes: subject: '%5 off'"],
    ['a field twice', 'subject: Hi\nsubject: Ho', "3: 'subject' is there twice; keep one of them"],
    [
      'an unknown field',
      'subject: Hi\nsubjet: Ho',
      "3: unknown field 'subjet'; there are subject, preheader, lang, from, replyTo, cc, headers, attachments",
    ],
    ['no space after the colon', 'subject:Hello', '2: must be fields, such as subject: Hello'],
    ['nothing', '', '2: must be fields, such as subject: Hello'],
    ['an empty subject', 'preheader: x\nsubject:', '3: subject: is empty; write a text'],
    ['no subject', 'preheader: x', '2: subject is missing; add a line such as subject: Hello'],
    [
      'Liquid that is not closed',
      'preheader: x\nsubject: "{% if user.id %}Hi"',
      '3: subject: tag {% if user.id %} not closed',
    ],
    ['an unknown variable', 'subject: Hi\npreheader: "{{ data.nme }}"', '3: unknown variable data.nme in html'],
  ])('with %s: the message names file, line and what to write', async (_, head, problem) => {
    expect(await email(mjml('Hi', head))).toEqual([`x.email.mjml:${problem}`]);
  });

  test('that does not end is told from one that is missing', async () => {
    expect(await email('---\nsubject: Hi\n<mjml></mjml>')).toEqual([
      'x.email.mjml:1: the front matter does not end: write a line of --- before the MJML',
    ]);
    expect(await email('<mjml></mjml>')).toEqual([
      'x.email.mjml:1: must begin with front matter: a line of ---, a line such as subject: Hello, and a line of ---',
    ]);
  });

  test('may have a byte-order mark, spaces behind the dashes, and Windows line ends', async () => {
    expect(await email(`\uFEFF${mjml('Hi').replaceAll('---\n', '--- \n')}`)).toEqual([]);
    expect(await email(mjml('Hi').replaceAll('\n', '\r\n'))).toEqual([]);
  });

  test.each(['2024', 'yes', '1.10', '~', 'null'])('takes %s as the text that it is', async (text) => {
    const templates = await templatesOf({ 'a/templates/x.email.mjml': mjml('Hi', `subject: ${text}`) });
    expect(templates.get('a', 'email', 'x').render(context).subject).toBe(text);
  });
});

describe('the MJML of an email', () => {
  test('names the line in the file, behind the front matter', async () => {
    expect(await email(mjml('Hi\n{{ data.count | shout }}', 'subject: Hi\npreheader: x'))).toEqual([
      'x.email.mjml:10: html: undefined filter: shout',
    ]);
    expect(await email(mjml('{{ data.count }}\n\n{{ data.cuont }}'))).toEqual([
      'x.email.mjml:10: unknown variable data.cuont in html',
    ]);
    expect(await email(mjml('{% for item in data.items %}\n{{ item.nmae }}{% endfor %}'))).toEqual([
      'x.email.mjml:9: html: undefined variable: item.nmae',
    ]);
    expect(await email(mjml('Hi').replace('<mj-column>', '<mj-column colour="red">'))).toEqual([
      expect.stringMatching(/^x\.email\.mjml:7: MJML: Attribute colour is illegal/),
    ]);
  });

  test('that is not closed names the tag that is not closed, although others are written like it', async () => {
    expect(await email(mjml('{% if data.count %}a{% endif %}\n{% if data.count %}b'))).toEqual([
      'x.email.mjml:9: html: tag {% if data.count %} not closed',
    ]);
  });

  test('names the included file and its line', async () => {
    const including = mjml('Hi').replace('<mj-body>', '<mj-body>\n<mj-include path="../../templates/footer.mjml" />');
    const footer = (text: string): string =>
      `<mj-section>\n<mj-column>\n<mj-text>${text}</mj-text>\n</mj-column>\n</mj-section>`;
    const withFooter = (text: string) =>
      problemsOf('email', { 'a/templates/x.email.mjml': including, 'templates/footer.mjml': footer(text) });
    expect(await withFooter('{{ links.unsubscrieb }}')).toEqual([
      expect.stringContaining('templates/footer.mjml:3: unknown variable links.unsubscrieb in html'),
    ]);
    expect(await withFooter('{% if data.count %}')).toEqual([
      'templates/footer.mjml:3: html: tag {% if data.count %} not closed',
    ]);
    expect(await withFooter('</mj-text><mj-foo/><mj-text>')).toEqual([
      "templates/footer.mjml:3: MJML: Element mj-foo doesn't exist or is not registered",
    ]);
  });

  test('that includes itself names the include', async () => {
    const problems = await problemsOf('email', {
      'a/templates/x.email.mjml': mjml('Hi').replace('<mj-body>', '<mj-body><mj-include path="y.mjml" />'),
      'a/templates/y.mjml': '\n<mj-include path="y.mjml" />',
    });
    expect(problems).toEqual(["y.mjml:2: MJML: 'y.mjml' includes itself"]);
  });
});

describe('a YAML template', () => {
  test.each([
    [
      'a colon',
      'kind: card\ntitle: Your order: ready\nbody: B',
      "2: the text of 'title' needs quotes: title: 'Your order: ready'",
    ],
    [
      'a comment behind a text',
      'kind: card\ntitle: Order # 5\nbody: B',
      "2: # begins a comment here, which is not sent; put the text in quotes, or the comment on its own line: title: 'Order # 5'",
    ],
    [
      'Liquid that is not valid',
      'kind: card\ntitle: T\nbody: "{{ data.count | shout }}"',
      '3: body: undefined filter: shout',
    ],
    [
      'Liquid that is not valid, in a block',
      'kind: card\ntitle: T\nbody: >-\n  Hello\n  {% if data.count %}',
      '5: body: tag {% if data.count %} not closed',
    ],
    [
      'an unknown variable',
      'kind: card\ntitle: T\nbody: >-\n  Hello\n  {{ data.cuont }}',
      '5: unknown variable data.cuont in body',
    ],
    [
      'a value that is not allowed',
      'title: T\nbody: B\nkind: popup',
      '3: kind: must be one of banner, modal, slide-in, prompt, tip, card, survey, rating, poll, quiz, progress, checklist, celebration, chat',
    ],
    [
      'an unknown field',
      'kind: card\ntitle: T\nbody: B\nbadge: x',
      "4: unknown field 'badge'; there are kind, title, body, actionLabel, url, image, where, priority, snooze, choices, progress, video",
    ],
    [
      'an unknown field of a choice',
      'kind: card\ntitle: T\nbody: B\nchoices:\n  - { value: v, label: L }\n  - { value: v, label: L, colour: red }',
      "6: unknown field 'colour'",
    ],
    [
      'a field that renders to nothing',
      'kind: card\ntitle: T\nbody: "{{ user.traits.nickname }}"',
      '3: body: renders to nothing',
    ],
    ['no body', 'kind: card\ntitle: T', '1: body is missing; add a line such as body: Hello'],
    ['just a text', 'Hello', '1: must be fields, such as kind: Hello'],
  ])('with %s: the message names file, line and what to write', async (_, source, problem) => {
    expect(await inApp(source)).toEqual([`x.in-app.yaml:${problem}`]);
  });

  test('may say a value twice by its anchor', async () => {
    expect(await inApp('kind: card\ntitle: &t Tea\nbody: *t')).toEqual([]);
  });

  test('may have comments on lines of their own and behind quotes', async () => {
    expect(await inApp('# A card.\nkind: card\ntitle: "T" # the title\n# The body.\nbody: B')).toEqual([]);
  });
});

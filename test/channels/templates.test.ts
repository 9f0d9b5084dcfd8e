import { context, mjml, templatesOf } from './fixture';

const inApp = async (yaml: string) => (await templatesOf({ 'a/templates/x.in-app.yaml': yaml })).get('a', 'inApp', 'x');
const webPush = async (yaml: string) =>
  (await templatesOf({ 'a/templates/x.web-push.yaml': yaml })).get('a', 'webPush', 'x');
const email = async (text: string, frontMatter?: string) =>
  (await templatesOf({ 'a/templates/x.email.mjml': mjml(text, frontMatter) })).get('a', 'email', 'x');

const named = (firstName: string) => ({ ...context, user: { ...context.user, traits: { firstName } } });

describe('email', () => {
  test('MJML becomes HTML, and the same words become plain text', async () => {
    const { html, text } = (await email('Hello <b>{{ user.traits.firstName }}</b>, {{ data.count }} to go')).render(
      context,
    );
    expect(html).toContain('Hello <b>Ada</b>, 3 to go');
    expect(html).toMatch(/^\s*<!doctype html>/i);
    expect(text).toBe('Hello Ada, 3 to go');
  });

  test('values of variables are escaped in HTML, and not in text and subject', async () => {
    const template = await email('Hello {{ user.traits.firstName }}', 'subject: For {{ user.traits.firstName }}');
    const { subject, html, text } = template.render(named('<script>alert("&")</script>'));
    expect(html).toContain('&lt;script&gt;alert(&#34;&amp;&#34;)&lt;/script&gt;');
    expect([subject, text]).toEqual(['For <script>alert("&")</script>', 'Hello <script>alert("&")</script>']);
  });

  test('a line break in a trait does not get into the subject', async () => {
    const template = await email('Hello', 'subject: For {{ user.traits.firstName }}');
    expect(template.render(named('Ada\r\nBcc: all@example.com')).subject).toBe('For Ada Bcc: all@example.com');
  });

  test('conditions and loops survive MJML, in HTML and in text', async () => {
    const template = await email(
      '{% if data.count > 2 %}many{% else %}few{% endif %}<ul>{% for item in data.items %}<li>{{ item.name }}</li>{% endfor %}</ul>',
    );
    const { html, text } = template.render(context);
    expect(html).toContain('many<ul><li>chart</li><li>map</li></ul>');
    expect(text).toBe('many\n * chart\n * map');
    expect(template.render({ ...context, data: { ...context.data, count: 1 } }).text).toMatch(/^few/);
  });

  test('a link shows its address in plain text', async () => {
    const { text } = (await email('<a href="{{ links.unsubscribe }}">Unsubscribe</a>')).render(context);
    expect(text).toBe('Unsubscribe (https://app.example.com/u/token)');
  });

  test('the preheader comes first in the HTML and is absent from the text', async () => {
    const { html, text } = (await email('Hello', 'subject: Hi\npreheader: "{{ data.count }} left"')).render(context);
    expect(html).toMatch(/<body[^>]*><div style="display:none[^>]*>3 left<\/div>/);
    expect(text).toBe('Hello');
  });

  test('the title is the subject, and the language is English unless the front matter or MJML says another', async () => {
    const head = async (frontMatter?: string, change = (source: string): string => source): Promise<unknown> => {
      const templates = await templatesOf({ 'a/templates/x.email.mjml': change(mjml('lang="und"', frontMatter)) });
      const traits = { firstName: '<b>Tom</b> & $&', locale: 'de_AT.UTF-8' };
      const { html } = templates.get('a', 'email', 'x').render({ ...context, user: { ...context.user, traits } });
      return [...html.matchAll(/<title>.*<\/title>|lang="[^"]*"/g)].map(([found]) => found);
    };
    const [title, text] = ['<title>Hello</title>', 'lang="und"'];
    expect(await head()).toEqual(['lang="en"', title, 'lang="en"', text]);
    expect(await head('subject: Hello\nlang: de')).toEqual(['lang="de"', title, 'lang="de"', text]);
    const ofPerson = await head('subject: For {{ user.traits.firstName }}\nlang: "{{ user.traits.locale }}"');
    expect(ofPerson).toEqual([
      'lang="de-AT"',
      '<title>For &lt;b>Tom&lt;/b> &amp; $&amp;</title>',
      'lang="de-AT"',
      text,
    ]);
    expect(await head('subject: Hello\nlang: "{{ user.id }}\\"><script>"')).toEqual([
      'lang="en"',
      title,
      'lang="en"',
      text,
    ]);
    const ofMjml = await head(undefined, (source) =>
      source.replace('<mjml>', '<mjml lang="fr"><mj-head><mj-title>Own</mj-title></mj-head>'),
    );
    expect(ofMjml).toEqual(['lang="fr"', '<title>Own</title>', 'lang="fr"', text]);
  });

  test('parts can be included from the shared folder', async () => {
    const templates = await templatesOf({
      'templates/footer.mjml': '<mj-section><mj-column><mj-text>Example Ltd</mj-text></mj-column></mj-section>',
      'a/templates/x.email.mjml': mjml('Hello').replace(
        '<mj-body>',
        '<mj-body><mj-include path="../../templates/footer.mjml" />',
      ),
    });
    expect(templates.get('a', 'email', 'x').render(context).text).toBe('Example Ltd\n\nHello');
  });

  test.each([
    [
      'an unknown element',
      mjml('Hi').replaceAll('mj-text', 'mj-txet'),
      /x.email.mjml:8: MJML: Element mj-txet doesn't exist/,
    ],
    ['no MJML at all', '---\nsubject: Hi\n---\nHello', /MJML: Parsing failed/],
    [
      'Liquid MJML would drop',
      mjml('Hi').replace('<mj-text>', '{% if data.count %}<mj-text>'),
      /would drop {% if data.count %}/,
    ],
    [
      'an include that is not there',
      mjml('Hi').replace('<mj-section>', '<mj-include path="no.mjml" /><mj-section>'),
      /x.email.mjml:6: MJML: 'no.mjml' is not a file of this folder/,
    ],
    [
      'an include from elsewhere',
      mjml('Hi').replace('<mj-section>', '<mj-include path="../../../x" /><mj-section>'),
      /x.email.mjml:6: MJML: '..\/..\/..\/x' is not a file of this folder/,
    ],
    ['Liquid that does not end', mjml('{% if data.count %}'), /html: tag {% if data.count %} not closed/],
    ['an unknown filter', mjml('{{ data.count | shout }}'), /html: undefined filter: shout/],
    [
      'a file from disk',
      mjml("{% render 'package.json' %}"),
      /x.email.mjml:8: .* there is no templates\/partials\/package.json.liquid/,
    ],
    ['no front matter', '<mjml></mjml>', /x.email.mjml:1: must begin with front matter/],
    [
      'no subject',
      mjml('Hi', 'preheader: Hi'),
      /x.email.mjml:2: subject is missing; add a line such as subject: Hello/,
    ],
    [
      'front matter that is not YAML',
      mjml('Hi', 'subject: "Hi'),
      /x.email.mjml:2: the quote that begins the text is not closed: subject: 'Hi'/,
    ],
  ])('%s is an error that says so', async (_, source, problem) => {
    const templates = await templatesOf({ 'a/templates/x.email.mjml': source });
    expect(() => templates.get('a', 'email', 'x')).toThrow(problem);
  });
});

describe('web push', () => {
  test('every text is Liquid, unescaped', async () => {
    const template = await webPush(
      'title: "{{ user.traits.firstName }} & co"\nbody: Hi\nurl: /x?n={{ data.count }}\nicon: https://cdn.example.com/i.png',
    );
    expect(template.render(context)).toEqual({
      title: 'Ada & co',
      body: 'Hi',
      url: '/x?n=3',
      icon: 'https://cdn.example.com/i.png',
    });
  });

  test.each([
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    'ftp://example.com',
    'data:text/html,x',
    'relative/path',
  ])('a link to %s is refused', async (link) => {
    const template = await webPush('title: T\nbody: B\nurl: "{{ user.traits.firstName }}"');
    expect(() => template.render(named(link))).toThrow('url: must be an http(s) address or a path that begins with /');
  });

  test('unquoted Liquid in YAML is an error that asks for quotes', async () => {
    await expect(webPush('title: T\nbody: {{ data.count }}\nurl: /')).rejects.toThrow(
      "x.web-push.yaml:2: the text of 'body' needs quotes: body: '{{ data.count }}'",
    );
  });

  test('an unknown field is an error', async () => {
    const template = await webPush('title: T\nbody: B\nurl: /\nbadge: /b.png');
    expect(() => template.render(context)).toThrow(/badge/);
  });
});

describe('in-app', () => {
  test('a card has a progress between 0 and 1, and choices', async () => {
    const template = await inApp(`
kind: progress
title: Almost there
body: "{{ data.items.size }} of 4"
progress: "{{ data.done }}"
url: "{{ data.missing }}"
choices:
  - { value: later, label: "Not now, {{ user.traits.firstName }}" }
`);
    expect(template.render(context)).toEqual({
      kind: 'progress',
      title: 'Almost there',
      body: '2 of 4',
      progress: 0.5,
      choices: [{ value: 'later', label: 'Not now, Ada' }],
    });
    expect(() => template.render({ ...context, data: { ...context.data, done: 7 } })).toThrow(
      /progress: must be a number from 0 to 1/,
    );
  });

  test('an unknown kind is an error', async () => {
    const template = await inApp('kind: popup\ntitle: T\nbody: B');
    expect(() => template.render(context)).toThrow(/kind: must be one of banner, modal, /);
  });

  test('invalid YAML is an error with its line', async () => {
    await expect(inApp('kind: card\ntitle: "T\nbody: B')).rejects.toThrow(
      /x.in-app.yaml:2: the quote that begins the text is not closed: title: 'T'/,
    );
  });
});

test("a journey's own template takes precedence over the shared one, and a missing one is an error", async () => {
  const yaml = (title: string) => `title: ${title}\nbody: B\nurl: /`;
  const templates = await templatesOf({
    'a/templates/x.web-push.yaml': yaml('own'),
    'b/journey.ts': '',
    'templates/x.web-push.yaml': yaml('shared'),
  });
  const titles = ['a', 'b'].map((journey) => templates.get(journey, 'webPush', 'x').render(context).title);
  expect(titles).toEqual(['own', 'shared']);
  expect(() => templates.get('a', 'webPush', 'y')).toThrow('there is no templates/y.web-push.yaml');
  expect(() => templates.get('a', 'email', 'x')).toThrow('there is no templates/x.email.mjml');
});

test('journeys of several folders have their templates beside them; of shared ones that of the first folder counts', async () => {
  const yaml = (title: string) => `title: ${title}\nbody: B\nurl: /`;
  const templates = await templatesOf(
    { 'a/templates/x.web-push.yaml': yaml('of a'), 'templates/y.web-push.yaml': yaml('shared by the first') },
    {
      'b/templates/x.web-push.yaml': yaml('of b'),
      'templates/y.web-push.yaml': yaml('shared by the second'),
      'templates/z.web-push.yaml': yaml('shared {{ steps.code }}'),
    },
  );
  const title = (journey: string, name: string) => templates.get(journey, 'webPush', name).render(context).title;
  expect([title('a', 'x'), title('b', 'x')]).toEqual(['of a', 'of b']);
  expect([title('a', 'y'), title('b', 'y')]).toEqual(['shared by the first', 'shared by the first']);
  expect([templates.ownOf('a'), templates.ownOf('b')]).toEqual([
    [{ channel: 'webPush', name: 'x' }],
    [{ channel: 'webPush', name: 'x' }],
  ]);
  expect(templates.answersRead).toEqual({ '*/webPush/z': ['code'] });
});

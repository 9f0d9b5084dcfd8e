import { checkTemplate } from '../../activities/templates/check';
import { TemplateError } from '../../activities/templates/template-error';
import type { ChannelName } from '../../engine/model/state';
import { context, mjml, templatesOf } from './fixture';

type Files = Readonly<Record<string, string>>;

const inApp = (body: string): Files => ({ 'a/templates/x.in-app.yaml': `kind: card\ntitle: T\nbody: >-\n  ${body}` });
const email = (text: string, frontMatter?: string): Files => ({ 'a/templates/x.email.mjml': mjml(text, frontMatter) });

async function rendered(
  files: Files,
): Promise<{ readonly html: string; readonly text: string; readonly subject: string }> {
  return (await templatesOf(files)).get('a', 'email', 'x').render(context);
}

async function body(files: Files): Promise<string> {
  return (await templatesOf(files)).get('a', 'inApp', 'x').render(context).body ?? '';
}

/** What is wrong with the template `x`, when it is loaded or checked. */
async function problemsOf(files: Files, channel: ChannelName = 'inApp'): Promise<string[]> {
  const templates = await templatesOf(files);
  try {
    templates.get('a', channel, 'x');
  } catch (error) {
    if (error instanceof TemplateError) return [...error.problems];
    throw error;
  }
  return checkTemplate(templates, { journey: 'a', step: 's', channel, name: 'x', context }).map((problem) =>
    problem.replace(/^.*?template 'x': /, ''),
  );
}

describe('a partial', () => {
  test('stands in the place of its tag, in every text of every channel', async () => {
    const shared = { 'templates/partials/name.liquid': '{{ user.traits.firstName | upcase }}\n' };
    expect(await body({ ...shared, ...inApp('Hello {% include "name" %}, {% render \'name\' %}!') })).toBe(
      'Hello ADA, ADA!',
    );
    const { subject, html, text } = await rendered({
      ...shared,
      ...email(
        'Hello {% render "name" %}!',
        'subject: For {% include "name" %}\npreheader: "{% render \'name\' %}, hello"',
      ),
    });
    expect([subject, text]).toEqual(['For ADA', 'Hello ADA!']);
    expect(html).toContain('ADA, hello');
    expect(html).toContain('Hello ADA!');
  });

  test('of the journey takes precedence over the shared one, and a shared template has the shared one', async () => {
    const files = {
      'templates/partials/p.liquid': 'shared',
      'a/templates/partials/p.liquid': 'own',
      'templates/y.in-app.yaml': 'kind: card\ntitle: T\nbody: "{% render \'p\' %}"',
      'b/templates/x.in-app.yaml': 'kind: card\ntitle: T\nbody: "{% render \'p\' %}"',
      ...inApp('{% render "p" %}'),
    };
    const templates = await templatesOf(files);
    const said = [templates.get('a', 'inApp', 'x'), templates.get('b', 'inApp', 'x'), templates.get('a', 'inApp', 'y')];
    expect(said.map((template) => template.render(context).body)).toEqual(['own', 'shared', 'shared']);
  });

  test('sees the values it is given and what every template may use, and what it assigns is its own', async () => {
    const partial = {
      'templates/partials/p.liquid': '{{ item.name }}/{{ hidden }}/{{ data.count }}{% assign n = 9 %}',
    };
    const text =
      '{% assign hidden = 5 %}{% for item in data.items %}{% render "p", item: item, hidden: "" %};{% endfor %}{{ n }}';
    expect(await body({ ...partial, ...inApp(text) })).toBe('chart//3;map//3;');
    expect(
      await problemsOf({ ...partial, ...inApp('{% assign hidden = 5 %}{% render "p", item: data.items[0] %}') }),
    ).toEqual(['templates/partials/p.liquid:1: unknown variable hidden in body']);
  });

  test('that is included sees all that can be seen where it stands', async () => {
    const partial = { 'templates/partials/p.liquid': '{{ item.name }}' };
    expect(await body({ ...partial, ...inApp('{% for item in data.items %}{% include "p" %};{% endfor %}') })).toBe(
      'chart;map;',
    );
  });

  test('may have partials, and blanks around its tag can be removed', async () => {
    const files = { 'templates/partials/p.liquid': '[{%- include "q" -%}]', 'a/templates/partials/q.liquid': ' q ' };
    expect(await body({ ...files, ...inApp('a {%- render "q" -%} b') })).toBe('a q b');
    const both = { 'templates/partials/q.liquid': 'q', 'templates/partials/p.liquid': '[ {%- include "q" -%} ]' };
    expect(await body({ ...both, ...inApp('{% render "p" %}') })).toBe('[q]');
  });

  test('is not looked for in raw texts and comments', async () => {
    expect(
      await body(inApp('{% raw %}{% include "no" %}{% endraw %}{% comment %}{% render "no" %}{% endcomment %}')),
    ).toBe('{% include "no" %}');
  });

  test('of an email may be MJML, with paths of its own', async () => {
    const files = {
      'templates/partials/footer.liquid':
        '<mj-section><mj-column><mj-text>Example Ltd, {{ user.id }}</mj-text></mj-column></mj-section><mj-include path="../end.mjml" />',
      'templates/end.mjml': '<mj-section><mj-column><mj-text>The end</mj-text></mj-column></mj-section>',
      'a/templates/x.email.mjml': mjml('Hello').replace('</mj-body>', '{% include "footer" %}</mj-body>'),
    };
    expect((await rendered(files)).text).toBe('Hello\n\nExample Ltd, u1\n\nThe end');
  });

  test('may be a row of a table: its cells are apart in the text part', async () => {
    const { html, text } = await rendered({
      'templates/partials/row.liquid': '<tr>\n  <td>{{ item.name }}</td>\n  <td>{{ n | money: "EUR" }}</td>\n</tr>',
      'a/templates/x.email.mjml': mjml('Hello').replace(
        '</mj-text>',
        '</mj-text><mj-table>\n{% for item in data.items %}\n{% render "row", item: item, n: forloop.index %}\n{% endfor %}\n</mj-table>',
      ),
    });
    expect(text).toBe('Hello\n\nchart | €1.00\nmap | €2.00');
    expect(html.match(/<tr>\s*<td>(chart|map)<\/td>/g)).toHaveLength(2);
  });

  test('is escaped as the text that it stands in, once', async () => {
    const partial = { 'templates/partials/p.liquid': '<i>{{ who }}</i>' };
    const text = '{% render "p", who: user.traits.firstName %}';
    const templates = await templatesOf({ ...partial, ...email(text), ...inApp(text) });
    const given = { ...context, user: { ...context.user, traits: { firstName: '<b>&' } } };
    expect(templates.get('a', 'email', 'x').render(given)).toMatchObject({
      html: expect.stringContaining('<i>&lt;b&gt;&amp;</i>') as string,
      text: '<b>&',
    });
    expect(templates.get('a', 'inApp', 'x').render(given).body).toBe('<i><b>&</i>');
  });

  test('reads the answers of steps, and the check knows which', async () => {
    const files = { 'templates/partials/p.liquid': '{{ steps.coupon.code }}', ...inApp('{% render "p" %}') };
    const templates = await templatesOf(files);
    const use = { journey: 'a', step: 's', channel: 'inApp', name: 'x' } as const;
    const check = (steps: object): string[] =>
      checkTemplate(templates, { ...use, context: { ...context, steps: { ...steps } } });
    expect(check({ coupon: { code: 'A' } })).toEqual([]);
    expect(check({ coupon: null })).toEqual([
      expect.stringMatching(/templates\/partials\/p\.liquid:1: body: undefined variable: steps\.coupon/),
    ]);
    expect(check({})).toEqual([
      expect.stringContaining('templates/partials/p.liquid:1: unknown variable steps.coupon.code'),
    ]);
  });

  test('that is not sent by itself is no template that no path sends', async () => {
    const files = {
      'a/templates/partials/p.liquid': 'p',
      'a/templates/layouts/l.mjml': '<mjml></mjml>',
      ...inApp('Hi'),
    };
    expect((await templatesOf(files)).ownOf('a')).toEqual([{ channel: 'inApp', name: 'x' }]);
  });
});

describe('a mistake in a partial names its file and line', () => {
  const partial = (text: string): Files => ({
    'a/templates/partials/p.liquid': `Hello\n${text}`,
    ...inApp('{% render "p" %}'),
  });
  test.each<[string, Files, string]>([
    ['a filter', partial('{{ data.count | shout }}'), 'a/templates/partials/p.liquid:2: body: undefined filter: shout'],
    ['a variable', partial('{{ data.cuont }}'), 'a/templates/partials/p.liquid:2: unknown variable data.cuont in body'],
    [
      'a tag that is not closed',
      partial('{% if data.count %}'),
      'a/templates/partials/p.liquid:2: body: tag {% if data.count %} not closed',
    ],
    [
      'a currency',
      partial('{{ 5 | money: "EURO" }}'),
      'a/templates/partials/p.liquid:2: body: money: not a currency; write a code of three letters, such as money: "EUR"',
    ],
    [
      'a partial that is not there',
      partial('{% render "no" %}'),
      `a/templates/partials/p.liquid:2: {% render "no" %}: there is no templates/partials/no.liquid, neither the journey's nor a shared one`,
    ],
    [
      'itself',
      partial('{% include "p" %}'),
      'a/templates/partials/p.liquid:2: {% include "p" %}: the partial includes itself',
    ],
    [
      'a block',
      partial('{% block x %}'),
      'a/templates/partials/p.liquid:2: {% block x %}: a block stands in a layout, or in an email that begins with {% layout %}',
    ],
    [
      'a layout',
      partial('{% layout "x" %}'),
      'a/templates/partials/p.liquid:2: {% layout "x" %}: only an email has a layout, which it names first of all',
    ],
  ])('%s', async (_, files, problem) => {
    expect(await problemsOf(files)).toEqual([problem]);
  });

  test.each<[string, string]>([
    ['{% render p %}', '{% render p %}: write the name of a partial in quotes'],
    [
      '{% include "p", a: 1 %}',
      '{% include "p", a: 1 %}: write the name of a partial in quotes. A partial with values is {% render "name", value: data.value %}',
    ],
    ['{% render "p", data.count %}', 'body: write each value with a name, as in {% render "row", item: item %}'],
    [
      '{% render "p" with data.count as n %}',
      'body: write each value with a name, as in {% render "row", item: item %}',
    ],
    [
      '{% render "../../x" %}',
      `{% render "../../x" %}: there is no templates/partials/../../x.liquid, neither the journey's nor a shared one`,
    ],
    [
      '{% render "constructor" %}',
      `{% render "constructor" %}: there is no templates/partials/constructor.liquid, neither the journey's nor a shared one`,
    ],
  ])('%s is refused where it stands', async (tag, problem) => {
    expect(await problemsOf({ 'templates/partials/p.liquid': 'p', ...inApp(tag) })).toEqual([
      `a/templates/x.in-app.yaml:4: ${problem}`,
    ]);
  });

  test('also when the template writes the same', async () => {
    const files = {
      'templates/partials/p.liquid': '\n{{ item.nmae }}',
      ...inApp(
        '{% for item in data.items %}{% if item.nmae %}{{ item.nmae }}{% endif %}{% render "p", item: item %}{% endfor %}',
      ),
    };
    expect(await problemsOf(files)).toEqual(['templates/partials/p.liquid:2: body: undefined variable: item.nmae']);
  });

  test('and one that MJML would lose is to be included', async () => {
    const files = {
      'templates/partials/p.liquid': '<mj-section><mj-column><mj-text>p</mj-text></mj-column></mj-section>',
      'a/templates/x.email.mjml': mjml('Hello').replace('</mj-body>', '{% render "p" %}</mj-body>'),
    };
    expect(await problemsOf(files, 'email')).toEqual([
      'a/templates/x.email.mjml:11: MJML would drop {% render "p" %}: put it inside <mj-raw> or a text, or write {% include "p" %}',
    ]);
  });

  test('that grows without end by partials is too long', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`templates/partials/p${n}.liquid`, `{% include "p${n + 1}" %}`.repeat(4)]),
    );
    const last = { 'templates/partials/p30.liquid': 'x'.repeat(100) };
    expect(await problemsOf({ ...files, ...last, ...inApp('{% include "p0" %}') })).toEqual([
      'a/templates/x.in-app.yaml:4: is longer than 500000 characters with everything it includes',
    ]);
  });
});

describe('a layout', () => {
  const layout = `<mjml>
  <mj-include path="../style.mjml" />
  <mj-body>
    <mj-section><mj-column><mj-text mj-class="small">Brand of {{ user.id }}</mj-text></mj-column></mj-section>
    {% block content %}{% endblock %}
    {% block footer %}<mj-section><mj-column><mj-text>Example Ltd</mj-text></mj-column></mj-section>{% endblock %}
  </mj-body>
</mjml>
`;
  const style = '<mj-head><mj-attributes><mj-class name="small" font-size="7px" /></mj-attributes></mj-head>';
  const shared = { 'templates/layouts/brand.mjml': layout, 'templates/style.mjml': style };
  const section = (text: string): string =>
    `<mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section>`;
  const inLayout = (rest: string): Files => ({
    'a/templates/x.email.mjml': `---\nsubject: Hi\n---\n{% layout "brand" %}\n${rest}`,
  });
  const block = (name: string, text: string): string => `{% block ${name} %}\n${section(text)}\n{% endblock %}\n`;

  test('has the blocks of the email in place of its own, and its own paths', async () => {
    const { html, text } = await rendered({ ...shared, ...inLayout(block('content', 'Hello {{ data.count }}')) });
    expect(text).toBe('Brand of u1\n\nHello 3\n\nExample Ltd');
    expect(html).toContain('font-size:7px');
    const both = block('footer', '{% render "p" %}') + block('content', 'Hello');
    expect((await rendered({ ...shared, 'templates/partials/p.liquid': 'Bye', ...inLayout(both) })).text).toBe(
      'Brand of u1\n\nHello\n\nBye',
    );
  });

  test('of the journey takes precedence over the shared one', async () => {
    const own = {
      'a/templates/layouts/brand.mjml': `<mjml><mj-body>{% block content %}{% endblock %}</mj-body></mjml>`,
    };
    expect((await rendered({ ...shared, ...own, ...inLayout(block('content', 'Hello')) })).text).toBe('Hello');
  });

  test.each<[string, Files, string]>([
    [
      'without such a block',
      inLayout(block('contents', 'Hello')),
      'a/templates/x.email.mjml:5: {% block contents %}: the layout has no such block; there are content, footer',
    ],
    [
      'with a block twice',
      inLayout(block('content', 'a') + block('content', 'b')),
      'a/templates/x.email.mjml:8: {% block content %}: the block is there twice',
    ],
    [
      'with something outside of a block',
      inLayout(`${block('content', 'a')}\n${section('b')}`),
      'a/templates/x.email.mjml:9: an email with a layout has everything in a {% block %}',
    ],
    [
      'with a block that does not end',
      inLayout(`{% block content %}\n${section('a')}`),
      'a/templates/x.email.mjml:5: {% block content %}: write {% endblock %} behind it, before the next block',
    ],
    [
      'with MJML that is wrong',
      inLayout(block('content', '</mj-text><mj-foo /><mj-text>')),
      "a/templates/x.email.mjml:6: MJML: Element mj-foo doesn't exist or is not registered",
    ],
    [
      'with an unknown variable',
      inLayout(block('content', '{{ data.cuont }}')),
      'a/templates/x.email.mjml:6: unknown variable data.cuont in html',
    ],
    [
      'that is wrong itself',
      {
        'a/templates/layouts/brand.mjml': layout.replace('user.id', 'user.di').replace('../', '../../../templates/'),
        ...inLayout(block('content', 'a')),
      },
      'a/templates/layouts/brand.mjml:4: unknown variable user.di in html',
    ],
    [
      'with MJML that is wrong itself',
      {
        'a/templates/layouts/brand.mjml': layout
          .replace('<mj-text ', '<mj-text colour="red" ')
          .replace('../', '../../../templates/'),
        ...inLayout(block('content', 'a')),
      },
      'a/templates/layouts/brand.mjml:4: MJML: Attribute colour is illegal',
    ],
    [
      'behind something else',
      { 'a/templates/x.email.mjml': mjml('{% layout "brand" %}') },
      'a/templates/x.email.mjml:8: {% layout "brand" %}: only an email has a layout, which it names first of all',
    ],
  ])('%s is an error with file and line', async (_, files, problem) => {
    expect(await problemsOf({ ...shared, ...files }, 'email')).toEqual(
      expect.arrayContaining([expect.stringContaining(problem)]) as string[],
    );
  });

  test('that is not there is an error with file and line', async () => {
    expect(await problemsOf(inLayout(block('content', 'a')), 'email')).toEqual([
      `a/templates/x.email.mjml:4: {% layout "brand" %}: there is no templates/layouts/brand.mjml, neither the journey's nor a shared one`,
    ]);
  });

  test('is of emails only', async () => {
    expect(await problemsOf({ ...shared, ...inApp('{% layout "brand" %}') })).toEqual([
      'a/templates/x.in-app.yaml:4: {% layout "brand" %}: only an email has a layout, which it names first of all',
    ]);
  });
});

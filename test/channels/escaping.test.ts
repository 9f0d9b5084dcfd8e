import type { JsonObject } from '../../engine/model/json';
import { context, mjml, templatesOf } from './fixture';

const PERSON = { firstName: `<script>alert("1")</script> & 'co'`, locale: 'en' };
const ESCAPED = '&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;co&#39;';

/** What each channel makes of the same Liquid text. */
async function inEveryText(text: string, data: JsonObject = {}): Promise<Readonly<Record<string, string>>> {
  const yaml = (first: string): string => `${first}\nbody: >-\n  [${text}]`;
  const templates = await templatesOf({
    'a/templates/x.email.mjml': mjml(`[${text}]`, `subject: >-\n  [${text}]\npreheader: >-\n  (${text})`),
    'a/templates/x.web-push.yaml': yaml('title: T\nurl: /'),
    'a/templates/x.in-app.yaml': yaml('kind: card\ntitle: T'),
  });
  const given = { ...context, user: { ...context.user, traits: PERSON }, data: { ...context.data, ...data } };
  const email = templates.get('a', 'email', 'x').render(given);
  const part = (whole: string, begin: string, end: string): string =>
    whole.slice(whole.indexOf(begin, whole.indexOf('<body')) + 1, whole.lastIndexOf(end));
  return {
    html: part(email.html, '>[', ']<').slice(1),
    preheader: /\((.*?)\)<\/div>/.exec(email.html)?.[1] ?? '',
    subject: email.subject.slice(1, -1),
    text: email.text.slice(1, -1),
    webPush: templates.get('a', 'webPush', 'x').render(given).body.slice(1, -1),
    inApp: templates.get('a', 'inApp', 'x').render(given).body?.slice(1, -1) ?? '',
  };
}

/** The same text everywhere, escaped once where it is HTML. */
function everywhere(plain: string, html: string): Readonly<Record<string, string>> {
  return { html, preheader: html, subject: plain, text: plain, webPush: plain, inApp: plain };
}

test.each<[string, string, string]>([
  ['{{ user.traits.firstName }}', PERSON.firstName, ESCAPED],
  ['{{ user.traits.missing | default: user.traits.firstName }}', PERSON.firstName, ESCAPED],
  ['{{ user.traits.firstName | append: "!" | upcase | downcase }}', `${PERSON.firstName}!`, `${ESCAPED}!`],
  ['{{ data.names | list }}', `Eve and ${PERSON.firstName}`, `Eve and ${ESCAPED}`],
  ['{{ data.names | join: " < " }}', `Eve < ${PERSON.firstName}`, `Eve &lt; ${ESCAPED}`],
  ['{{ data.at | date: "<%Y>" }}', '<2026>', '&lt;2026&gt;'],
  ['{{ data.at | date: "long" }}', 'March 30, 2026', 'March 30, 2026'],
  ['{{ 1234.5 | money: "EUR" }}', '€1,234.50', '€1,234.50'],
  ['{{ 1234.5 | number }}', '1,234.5', '1,234.5'],
])('%s is never markup, and escaped once in HTML alone', async (text, plain, html) => {
  const data = { names: ['Eve', PERSON.firstName], at: '2026-03-30T09:00:00Z' };
  expect(await inEveryText(text, data)).toEqual(everywhere(plain, html));
});

test('an attribute cannot be left by what a person says', async () => {
  const templates = await templatesOf({
    'a/templates/x.email.mjml': mjml('<a href="{{ data.url }}" title="{{ data.url }}">Go</a>'),
  });
  const { html } = templates.get('a', 'email', 'x').render({ ...context, data: { url: '"><script>' } });
  expect(html).toContain('<a href="&#34;&gt;&lt;script&gt;" title="&#34;&gt;&lt;script&gt;">');
});

test('`raw` at the end writes HTML as it is, and in other texts changes nothing', async () => {
  const { html, inApp } = await inEveryText('{{ data.html | raw }}', { html: '<b>&amp;</b>' });
  expect([html, inApp]).toEqual(['<b>&amp;</b>', '<b>&amp;</b>']);
});

test('what is captured is text again when it is written, unless with `raw`', async () => {
  const captured = '{% capture x %}<b>{{ user.traits.firstName }}</b>{% endcapture %}';
  expect((await inEveryText(`${captured}{{ x | raw }}`))['html']).toBe(`<b>${ESCAPED}</b>`);
  expect((await inEveryText(`${captured}{{ x }}`))['html']).toMatch(/^&lt;b&gt;&amp;lt;script/);
});

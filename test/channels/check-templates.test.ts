import { checkTemplate } from '../../activities/templates/check';
import type { ChannelName } from '../../engine/model/state';
import { context, mjml, templatesOf } from './fixture';

async function problems(channel: ChannelName, file: string, source: string): Promise<string[]> {
  const templates = await templatesOf({ [`onboarding/templates/${file}`]: source });
  return checkTemplate(templates, { journey: 'onboarding', step: 'nudge', channel, name: 'x', context });
}

const ofEmail = (text: string, frontMatter?: string) => problems('email', 'x.email.mjml', mjml(text, frontMatter));
const ofPush = (yaml: string) => problems('webPush', 'x.web-push.yaml', yaml);

test('a template that only uses known variables has no problems', async () => {
  const text = `{{ user.traits.firstName | default: 'you' }} {{ event.properties.plan }} {{ data.items[0].name }} {{ data.items.size }}
    {{ data.items.first.name }} {% for item in data.items %}{{ forloop.index }} {{ item.name }}{% endfor %}
    {% assign n = data.count | plus: 1 %}{{ n }} {{ data[data.key] }} {{ links.app }} {{ user.id.size }}`;
  expect(await ofEmail(text, 'subject: "{{ user.stage }}"')).toEqual([]);
});

test('an unknown variable names the journey, the step and the template', async () => {
  expect(await ofEmail('Hello {{ user.traits.firstname }}')).toEqual([
    "onboarding, step 'nudge': email template 'x': onboarding/templates/x.email.mjml:8: unknown variable user.traits.firstname in html",
  ]);
});

test('unknown variables are found in every branch, filter and tag, whatever the example would render', async () => {
  const text = `{% if data.count == 3 %}a{% else %}{{ data.a }}{% endif %}
    {% case user.stage %}{% when data.b %}{% endcase %}
    {{ data.count | plus: data.c }}
    {% for item in data.d %}{% endfor %}
    {% unless data.e %}{% endunless %}
    {% capture block %}{{ data.items[0].f }}{% endcapture %}`;
  const found = (await ofEmail(text, 'subject: "{{ data.s }}"')).map((problem) =>
    /variable (\S+) in (\w+)/.exec(problem)?.slice(1).join(' '),
  );
  expect(found.sort()).toEqual([
    'data.a html',
    'data.b html',
    'data.c html',
    'data.d html',
    'data.e html',
    'data.items.0.f html',
    'data.s subject',
  ]);
});

test('inherited properties do not count as variables', async () => {
  expect(await ofEmail('{{ user.constructor.name }}')).toEqual([
    expect.stringContaining('unknown variable user.constructor.name'),
  ]);
});

test('an unknown property of a loop variable is found with the example', async () => {
  expect(await ofEmail('{% for item in data.items %}{{ item.nmae }}{% endfor %}')).toEqual([
    expect.stringContaining('undefined variable: item.nmae'),
  ]);
});

test('an invalid field is found with the example', async () => {
  expect(await ofPush('title: "{{ user.traits.firstName }}"\nurl: "{{ user.traits.email }}"')).toEqual([
    expect.stringContaining('x.web-push.yaml:1: body is missing'),
    expect.stringContaining('x.web-push.yaml:2: url: must be an http(s) address'),
  ]);
});

test('a missing or broken template is a problem', async () => {
  expect(await problems('inApp', 'y.in-app.yaml', '')).toEqual([
    "onboarding, step 'nudge': inApp template 'x': there is no templates/x.in-app.yaml, neither the journey's nor a shared one",
  ]);
  expect(await ofEmail('</mj-text><mj-foo />')).toEqual([
    expect.stringContaining('x.email.mjml:8: MJML: Element mj-foo'),
  ]);
  expect(await ofPush('title: "T')).toEqual([expect.stringContaining('the quote that begins the text is not closed')]);
});

test('a notification that is too long with the example is a problem', async () => {
  expect(await ofPush(`title: T\nbody: "${'x'.repeat(4_000)}"\nurl: /`)).toEqual([
    expect.stringMatching(
      /x\.web-push\.yaml:1: .* longer than the 3993 octets .* body would end after 38\d\d characters$/,
    ),
  ]);
  expect(await ofPush(`title: "${'x'.repeat(4_000)}"\nbody: B\nurl: /`)).toEqual([
    expect.stringContaining('x.web-push.yaml:1: title, url, tag and icon are longer than the 3993 octets'),
  ]);
});

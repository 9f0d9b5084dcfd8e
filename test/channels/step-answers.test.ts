import { checkTemplate } from '../../activities/templates/check';
import { checkDefinitions } from '../../config/check';
import { z } from 'zod';
import { event, journey, lifecycle, policy, type Journey } from '../../engine';
import type { TemplateUse } from '../../engine/definitions/template-use';
import { explore } from '../../engine/explore';
import type { JsonObject } from '../../engine/model/json';
import { compile } from '../../engine/outline/compile';
import { traveller } from '../../engine/testing/traveller';
import { mjml, templatesOf } from './fixture';

const signedUp = event('Signed Up', z.object({}), {});
const ordered = event('Order Placed', z.object({ total: z.number() }), { total: 12.5 });
const coupon = async (): Promise<{ code: string } | null> => ({ code: 'A' });

/** A journey that asks for a coupon, waits for orders, and sends the template `tpl`. */
const cart = journey('cart', { enter: signedUp }, async (j) => {
  await j.call('coupon', coupon, { examples: [{ code: 'A' }, null] });
  await j.waitFor('order', ordered, { within: '1 day' });
  await j.collect('likes', ordered, { for: '1 hour', atMost: 2 });
  await j.waitFor('orders', ordered, { times: 2, within: '1 day' });
  if (await j.check('is loud', () => true)) await j.call('gift', coupon, { examples: [{ code: 'G' }] });
  await j.send('welcome mail', { email: 'tpl' });
  await j.send('mail', { email: 'tpl' });
  await j.pick('later', () => 'x');
});

interface Defects {
  readonly explored: readonly string[];
  readonly atStart: readonly string[];
}

/** What `explore` and the check at start say of a template. */
async function defectsOf(text: string, sender: Journey = cart, partial = ''): Promise<Defects> {
  const templates = await templatesOf({
    'cart/templates/tpl.email.mjml': mjml(`Hi ${text}`),
    'cart/templates/partials/part.liquid': partial,
  });
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  const check = (use: TemplateUse): string[] => checkTemplate(templates, use);
  const { defects } = await explore(sender, { with: rules, checkTemplate: check });
  const atStart = await checkDefinitions(await compile({ ...rules, journeys: [sender] }), check);
  return { explored: defects.map((defect) => defect.text), atStart };
}

const NONE: Defects = { explored: [], atStart: [] };

test('a template may read the answers of steps, if it asks first whether there is one', async () => {
  const text = `{% if steps.coupon %}{{ steps.coupon.code }}{% endif %} {{ steps.order.properties.total | default: 0 }}
    {% for like in steps.likes %}{{ like.properties.total }}{% endfor %}
    {% if steps.orders %}{% for one in steps.orders %}{{ one.properties.total }}{% endfor %}{% endif %}
    {% if steps["is loud"] %}{{ steps.gift.code }}{% endif %} {{ steps["welcome mail"].status | default: "none" }}`;
  expect(await defectsOf(text)).toEqual(NONE);
});

test.each([
  ['{{ steps.copon.code }}', 'unknown variable steps.copon.code'],
  ['{% if steps.coupon %}{{ steps.coupon.cod }}{% endif %}', 'unknown variable steps.coupon.cod'],
  ['{{ steps.coupon.code }}', 'undefined variable: steps.coupon'],
  ['{{ steps.order.properties.total }}', 'undefined variable: steps.order'],
  ['{{ steps.later }}', 'undefined variable: steps.later'],
  ['{% if steps.coupon %}{{ steps.gift.code }}{% endif %}', 'undefined variable: steps.gift'],
  ['{{ steps["welcome mail"].status }}', 'undefined variable: steps'],
])('%s is a defect that names the file and line, in explore and at start', async (text, problem) => {
  const said = expect.stringMatching(
    new RegExp(`cart/templates/tpl\\.email\\.mjml:8: .*${problem.replaceAll('.', '\\.')}`),
  ) as string;
  const { explored, atStart } = await defectsOf(text);
  expect(explored).toEqual([said]);
  expect(atStart[0]).toEqual(said);
});

test('a path that differs in nothing but an answer is not taken for the same if a template reads the answer', async () => {
  const long = journey('cart', { enter: signedUp }, async (j) => {
    await j.waitFor('order', ordered, { within: '1 day' });
    for (let n = 1; n <= 3; n++) await j.sleep(`day ${n}`, '1 day');
    await j.send('mail', { email: 'tpl' });
  });
  const { explored } = await defectsOf('{{ steps.order.properties.total }}', long);
  expect(explored).toEqual([expect.stringContaining('undefined variable: steps.order')]);
});

test('a partial may read answers in the same way, and a defect names its file and line', async () => {
  const asked = '{% if steps.coupon %}{{ steps.coupon.code }}{% endif %}';
  expect(await defectsOf('{% render "part" %}', cart, asked)).toEqual(NONE);
  const { explored, atStart } = await defectsOf('{% render "part" %}', cart, '{{ steps.coupon.code }}');
  const said = expect.stringMatching(/partials\/part\.liquid:1: .*undefined variable: steps\.coupon/) as string;
  expect(explored).toEqual([said]);
  expect(atStart[0]).toEqual(said);
});

test('the mailbox of a traveller shows the answers', async () => {
  const templates = await templatesOf({
    'cart/templates/tpl.email.mjml': mjml('Your code: {{ steps.coupon.code }}'),
  });
  const ada = traveller(cart, {
    calls: { coupon: async () => ({ code: '<b>' }), gift: coupon },
    templates: Promise.resolve(({ journey: id, channel, name, context }) => ({
      ...(templates.get(id, channel, name).render(context) as unknown as JsonObject),
    })),
  });
  await ada.track(signedUp, {});
  await ada.track(ordered, { total: 1 });
  await ada.track(ordered, { total: 1 });
  await ada.forward('5 days');
  expect(ada.mailbox[0]?.text).toBe('Your code: <b>');
  expect(ada.mailbox[0]?.html).toContain('Your code: &lt;b&gt;');
});

test('the templates say which answers they read, so that no others are loaded', async () => {
  const { answersRead } = await templatesOf({
    'templates/hello.email.mjml': mjml('{{ steps.coupon.code }}'),
    'templates/bye.email.mjml': mjml('Bye', `subject: '{{ steps.quiz }} {% if steps["welcome mail"] %}!{% endif %}'`),
    'cart/templates/hello.email.mjml': mjml('Hello'),
    'cart/templates/plain.email.mjml': mjml('{{ user.traits.firstName }}'),
    'cart/templates/any.in-app.yaml': 'title: "{{ steps[data.key].code }}"\nbody: "{{ steps.coupon.code }}"\n',
    'cart/templates/broken.email.mjml': mjml('{{ steps.'),
  });
  expect(answersRead).toEqual({
    '*/email/hello': ['coupon'],
    '*/email/bye': ['quiz', 'welcome mail'],
    'cart/email/hello': [],
    'cart/inApp/any': true,
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkTemplate } from '../../activities/templates/check';
import type { Json, JsonObject } from '../../engine/model/json';
import { context, envelope, mjml, templatesOf, unhurried } from './fixture';
import { inAppChannel } from '../../activities/channels/in-app';

interface Given {
  readonly traits?: JsonObject;
  readonly data?: JsonObject;
}

/** What an in-app message says. Intl's blanks that don't break become plain ones. */
async function said(body: string, { traits = {}, data = {} }: Given = {}): Promise<string> {
  const source = `kind: card\ntitle: T\nbody: >-\n  ${body}`;
  const templates = await templatesOf({ 'a/templates/x.in-app.yaml': source });
  const given = { ...context, user: { ...context.user, traits }, data };
  const { body: rendered = '' } = templates.get('a', 'inApp', 'x').render(given);
  return rendered.replace(/[\u00a0\u202f]/g, ' ');
}

const GERMAN = { locale: 'de-DE', timezone: 'Europe/Berlin' };
const AT = '2026-03-30T21:30:00Z';

describe('money', () => {
  test.each<[string, JsonObject, string]>([
    ['{{ 1234.5 | money: "EUR" }}', {}, '€1,234.50'],
    ['{{ 1234.5 | money: "EUR" }}', { locale: 'de-DE' }, '1.234,50 €'],
    ['{{ 1234.5 | money: "EUR" }}', { locale: 'de_AT' }, '€ 1.234,50'],
    ['{{ 1234.5 | money: "jpy" }}', { locale: 'ja' }, '￥1,235'],
    ['{{ "-12.50" | money: data.currency }}', {}, '-$12.50'],
    ['{{ 1999 | money: "EUR", minor: true }}', {}, '€19.99'],
    ['{{ "1999" | money: "JPY", minor: true }}', {}, '¥1,999'],
    ['{{ "1234567" | money: "KWD", minor: true }}', {}, 'KWD 1,234.567'],
    ['{{ "90071992547409931.23" | money: "EUR" }}', {}, '€90,071,992,547,409,931.23'],
    ['{{ 5 | money: "EUR", locale: "fr" }}', { locale: 'de' }, '5,00 €'],
    ['{{ data.missing | money: "EUR" }}', {}, ''],
  ])('%s for %j is %s', async (text, traits, expected) => {
    expect(await said(`x${text}`, { traits, data: { currency: 'USD' } })).toBe(`x${expected}`);
  });
});

test('numbers are grouped as the person writes them, with as many digits as asked for', async () => {
  expect(await said('{{ 1234567.891 | number }}')).toBe('1,234,567.891');
  expect(await said('{{ "1234.5" | number: 2 }}', { traits: { locale: 'de' } })).toBe('1.234,50');
  expect(await said('{{ 0.5 | number: 0, locale: "en" }}')).toBe('1');
});

test('a list is joined as a sentence in the language of the person', async () => {
  const data = { names: ['Ada', 'Bob', 'Eve'], items: [{ name: 'tea' }, { name: 'cups' }], one: ['Ada'], none: [] };
  expect(await said('{{ data.names | list }}', { data })).toBe('Ada, Bob, and Eve');
  expect(await said('{{ data.names | list: "or" }}', { data, traits: { locale: 'de' } })).toBe('Ada, Bob oder Eve');
  expect(await said('{{ data.items | map: "name" | list }}', { data, traits: { locale: 'fr' } })).toBe('tea et cups');
  expect(await said('{{ data.one | list }}{{ data.none | list }}', { data })).toBe('Ada');
});

describe('dates and times', () => {
  test.each<[string, JsonObject, string]>([
    ['{{ data.at | date: "long" }}', {}, 'March 30, 2026'],
    ['{{ data.at | date: "short" }}', { locale: 'en-GB' }, '30/03/2026'],
    ['{{ data.at | date: "full" }} {{ data.at | time }}', GERMAN, 'Montag, 30. März 2026 23:30'],
    ['{{ data.at | weekday }}', { locale: 'de', timezone: 'Asia/Tokyo' }, 'Dienstag'],
    ['{{ data.at | weekday: "short" }}', {}, 'Mon'],
    ['{{ data.at | time }}', {}, '9:30 PM'],
    ['{{ data.at | time: "medium" }}', { locale: 'en-GB' }, '21:30:00'],
    ['{{ data.at | date: "long", zone: "Asia/Tokyo", locale: "en" }}', GERMAN, 'March 31, 2026'],
    ['{{ data.at | time: zone: data.zone }}', { locale: 'en-GB' }, '06:30'],
    ['{{ data.at | date: "medium" }}', { timeZone: 'Asia/Tokyo' }, 'Mar 31, 2026'],
    ['{{ data.at | date: "medium" }}', { fromContext: { timezone: 'Asia/Tokyo', locale: 'de' } }, '31.03.2026'],
    ['{{ 1774906200 | date: "long" }}', {}, 'March 30, 2026'],
    ['{{ data.missing | date: "long" }}{{ data.missing | time }}', {}, ''],
  ])('%s for %j is %s', async (text, traits, expected) => {
    expect(await said(`x${text}`, { traits, data: { at: AT, zone: 'Asia/Tokyo' } })).toBe(`x${expected}`);
  });

  test('a day without a time is that day in every zone', async () => {
    const zones = Intl.supportedValuesOf('timeZone');
    for (const timezone of ['Pacific/Honolulu', 'Pacific/Kiritimati', ...zones.filter((_, index) => index % 40 === 0)])
      expect(
        await said('{{ "2026-03-30" | date: "long" }}, {{ "2026-03-30" | weekday }}', { traits: { timezone } }),
      ).toBe('March 30, 2026, Monday');
  });

  test('a time without a zone is in UTC, as for the engine', async () => {
    expect(await said('{{ "2026-03-30T21:30:00" | time }}', { traits: GERMAN })).toBe('23:30');
  });

  test("formats of LiquidJS's own filter are written as before, in UTC and English", async () => {
    expect(await said('{{ data.at | date: "%Y-%m-%d %H:%M, %B" }}', { traits: GERMAN, data: { at: AT } })).toBe(
      '2026-03-30 21:30, March',
    );
    expect(await said('{{ data.at | date: "%H:%M", "Asia/Tokyo" }}', { data: { at: AT } })).toBe('06:30');
    expect(await said('{{ data.at | date }}', { data: { at: AT } })).toMatch(/^Monday, March 30, 2026 at 9:30 pm/);
    expect(await said('{{ "soon" | date: "%Y" }}')).toBe('soon');
  });
});

describe('a mistake', () => {
  test.each([
    ['{{ 5 | money }}', 'money: not a currency; write a code of three letters, such as money: "EUR"'],
    ['{{ 5 | money: "EURO" }}', 'money: not a currency; write a code of three letters, such as money: "EUR"'],
    ['{{ "12,50" | money: "EUR" }}', 'money: not an amount; expected a number, or a decimal text such as "12.50"'],
    ['{{ data.names | money: "EUR" }}', 'money: not an amount; expected a number, or a decimal text such as "12.50"'],
    ['{{ 5 | money: "EUR", miner: true }}', "money: unknown option 'miner'; there are minor, locale"],
    [
      '{{ 5 | money: "EUR", locale: "deutsch!" }}',
      'money: not a locale; expected a language tag, such as locale: "de-AT"',
    ],
    ['{{ 5 | number: 21 }}', 'number: write how many digits stand behind the point, 0 to 20, such as number: 2'],
    ['{{ "x" | date: "lnog" }}', 'date: write short, medium, long or full, or a format such as "%Y-%m-%d"'],
    [
      '{{ "tomorrow" | date: "long" }}',
      'date: not a time; expected ISO 8601, such as "2026-03-01T09:00:00Z", or Unix seconds',
    ],
    ['{{ "2026-03-30" | time }}', 'time: a date alone has no time of day'],
    ['{{ "2026-03-30T09:00:00Z" | time: "brief" }}', 'time: write short, medium, long or full, such as time: "short"'],
    [
      '{{ "2026-03-30T09:00:00Z" | time: zone: "Berlin" }}',
      "time: Not a time zone. Expected an IANA name, such as 'Europe/Berlin'.",
    ],
    ['{{ "2026-03-30" | weekday: "full" }}', 'weekday: write weekday, weekday: "long" or weekday: "short"'],
    ['{{ data.names[0] | list }}', 'list: not a list'],
    [
      '{{ data.items | list }}',
      'list: not a list of texts; choose a field of its items first, such as map: "name" | list',
    ],
    ['{{ data.names | list: "and so on" }}', 'list: write list, list: "and" or list: "or"'],
  ])('%s is a problem of the check, with file and line', async (text, problem) => {
    const templates = await templatesOf({ 'a/templates/x.email.mjml': mjml(`Hello\n${text}`) });
    const example = { ...context, data: { names: ['Ada'], items: [{ name: 'tea' }] } };
    const use = { journey: 'a', step: 's', channel: 'email', name: 'x', context: example } as const;
    expect(checkTemplate(templates, use)).toEqual([expect.stringContaining(`x.email.mjml:9: html: ${problem}`)]);
  });

  test('in the data of one message suppresses it, and the error does not repeat the data', async () => {
    const templates = await templatesOf({
      'onboarding/templates/welcome.in-app.yaml':
        'kind: card\ntitle: T\nbody: "{{ data.total | money: data.currency }}"',
    });
    const channel = inAppChannel({
      templates,
      publicUrl: 'http://localhost',
      secret: 'a secret of the tests, long enough',
      inbox: { save: async () => undefined },
    });
    const deliver = (data: JsonObject) => channel.deliver(envelope({ data }), unhurried());
    expect(await deliver({ total: 'a lot', currency: 'EUR' })).toMatchObject({
      outcome: 'suppressed',
      cause: 'template',
      detail: expect.stringMatching(
        /^onboarding\/templates\/welcome\.in-app\.yaml:3: body: money: not an amount(?!.*a lot)/,
      ),
    });
    expect(await deliver({ total: 5, currency: 'EUR' })).toMatchObject({ outcome: 'sent' });
  });
});

test('the table of the documentation is true', async () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'writing-journeys.md'), 'utf8');
  const data = {
    ...{ total: 1234.5, count: 1_234_567, ratio: 0.5, startsAt: '2026-03-30T15:00:00Z' },
    names: ['Ada', 'Bob', 'Eve'],
  };
  const rows = [...page.matchAll(/^\| `(\{\{ data.*?\}\})`.*?\| (\S.*?) +\| (\S.*?) +\|$/gm)];
  expect(rows).toHaveLength(7);
  for (const [, text = '', american, german] of rows) {
    const written = (traits: JsonObject): Promise<string> => said(text.replace('\\|', '|'), { traits, data });
    expect([await written({ locale: 'en-US' }), await written({ locale: 'de-DE' })]).toEqual([american, german]);
  }
});

test.each(['xx', 'Deutsch', 'de-', '_', 42, null, '', 'x'.repeat(100_000), 'C', 'en_US.UTF-8', 'de-u-nu-thai'])(
  'a locale of a person such as %j never keeps a message back',
  async (locale) => {
    const fallback = { fromContext: { locale: 'de' } };
    expect(await said('{{ 1.5 | number }}', { traits: { locale, ...fallback } })).toMatch(/^1[.,]5$/);
  },
);

test('without a locale of their own, people get that of the device, and else English', async () => {
  expect(await said('{{ 1.5 | number }}', { traits: { locale: 'xx', fromContext: { locale: 'de' } } })).toBe('1,5');
  expect(await said('{{ 1.5 | number }}', { traits: { fromContext: { locale: 'de' } } })).toBe('1,5');
  expect(await said('{{ 1.5 | number }}', { traits: {} })).toBe('1.5');
});

test('a long list in a sentence ends the rendering at a limit that is said', async () => {
  const names = Array.from({ length: 2_000 }, (_, n) => `n${n}`);
  await expect(said('{{ data.names | list }}', { data: { names } })).rejects.toThrow(
    'body: list: the list has more than 1000 items',
  );
});

test('whatever a person and an event say, a filter writes text or refuses it, and the same again', async () => {
  const filters = ['money: data.c', 'number', 'date: "full"', 'time', 'weekday', 'list'];
  const template = (filter: string): string => `kind: card\ntitle: T\nbody: >-\n  x{{ data.v | ${filter} }}`;
  const templates = await templatesOf(
    Object.fromEntries(filters.map((filter, n) => [`a/templates/x${n}.in-app.yaml`, template(filter)])),
  );
  const written = (n: number, traits: JsonObject, data: JsonObject): string => {
    try {
      const user = { ...context.user, traits };
      return templates.get('a', 'inApp', `x${n}`).render({ ...context, user, data }).body ?? '';
    } catch (error) {
      return `error: ${(error as Error).name}`;
    }
  };
  const time = fc.date({ noInvalidDate: true }).map((at) => at.toISOString());
  const value = fc.oneof(fc.jsonValue(), fc.double(), time) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(value, fc.constantFrom('EUR', 'xyz', 7), value, value, (v, c, locale, timezone) => {
      for (const n of filters.keys()) {
        const first = written(n, { locale, timezone }, { v, c });
        expect(first).toMatch(/^x|^error: TemplateError$/);
        expect(written(n, { locale, timezone }, { v, c })).toBe(first);
      }
    }),
  );
});

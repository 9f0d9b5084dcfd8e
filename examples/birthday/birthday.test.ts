import type { JsonObject } from 'sojourn';
import { traveller } from 'sojourn/testing';
import lifecycle from '../lifecycle';
import policy from '../policy';
import birthday from './journey';

const rules = { lifecycle, policy };
const born = (day: string, at = '2026-01-05T12:00:00Z', traits: JsonObject = { timezone: 'Europe/Berlin' }) =>
  traveller(birthday, { at, traits: { ...traits, birthday: day }, with: rules });
const timesOf = ({ messages }: ReturnType<typeof born>): string[] =>
  messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('a gift on the day at ten by the person’s clock, every year', async () => {
  const ada = born('1990-07-14');
  await ada.forwardTo('2027-12-31T00:00:00Z');
  expect(timesOf(ada)).toEqual(['2026-07-14T08:00:00.000Z', '2027-07-14T08:00:00.000Z']);
  expect(ada.profile.points).toBe(100);
});

test('29 February: on the 28th where there is none', async () => {
  const ada = born('1992-02-29');
  await ada.forwardTo('2028-12-31T00:00:00Z');
  expect(timesOf(ada)).toEqual(['2026-02-28T09:00:00.000Z', '2027-02-28T09:00:00.000Z', '2028-02-29T09:00:00.000Z']);
});

test.each(['--07-14', '07-14'])('no year known (%s): on the day all the same', async (day) => {
  const ada = born(day);
  await ada.forward('365 days');
  expect(timesOf(ada)).toEqual(['2026-07-14T08:00:00.000Z']);
});

test('birthday set to today at 15:00: today, once', async () => {
  const ada = traveller(birthday, { timezone: 'Europe/Berlin', at: '2026-07-14T13:00:00Z', with: rules });
  await ada.identify({ birthday: '1990-07-14' });
  expect(timesOf(ada)).toEqual(['2026-07-14T13:00:00.000Z']);

  await ada.identify({ birthday: '1990-07-14' });
  await ada.forward('364 days');
  expect(ada.messages).toHaveLength(1);
  await ada.forward('1 day');
  expect(timesOf(ada).at(-1)).toBe('2027-07-14T08:00:00.000Z');
});

test('zone unknown: at ten UTC', async () => {
  const ada = born('1990-07-14', '2026-01-05T12:00:00Z', {});
  await ada.forward('365 days');
  expect(timesOf(ada)).toEqual(['2026-07-14T10:00:00.000Z']);
});

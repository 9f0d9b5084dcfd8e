import { answered, dismissed } from 'sojourn';
import { traveller, type Traveller } from 'sojourn/testing';
import { activated, complaintMade, exportFinished, scoreGiven } from '../events';
import byMail from '../nps-by-mail/journey';
import ticket from '../nps-ticket/journey';
import policy from '../policy';
import nps from './journey';

/** A person who was activated at noon on 5 January, and the tickets that were opened. */
async function active(): Promise<{ readonly ada: Traveller; readonly tickets: string[] }> {
  const tickets: string[] = [];
  const calls = { ticket: () => `T-${tickets.push('opened')}` };
  const ada = traveller([nps, byMail, ticket], { calls, with: { policy } });
  await ada.track(activated, {});
  return { ada, tickets };
}

/** The same person 30 days later, asked after a good moment. */
async function asked() {
  const one = await active();
  await one.ada.forward('30 days');
  await one.ada.track(exportFinished, {});
  return one;
}

/** Finishes an export every ten days. */
async function exporting(ada: Traveller, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await ada.forward('10 days');
    await ada.track(exportFinished, {});
  }
}

const steps = ({ messages }: Traveller): string[] => messages.map(({ step }) => step);

test('30 days after activation, after a good moment: an earlier one does not count, nor does it use up the question', async () => {
  const { ada } = await active();
  await exporting(ada, 2);
  await ada.forward('9 days');
  await ada.track(exportFinished, {});
  expect(steps(ada)).toEqual([]);
  await ada.forward('1 day');
  await ada.track(exportFinished, {});
  expect(ada.messages).toMatchObject([{ step: 'first question', channel: 'inApp', decidedAt: ada.now }]);
});

test('yes: rate us in the store', async () => {
  const { ada, tickets } = await asked();
  await ada.react('first question', answered, 'yes');
  expect(steps(ada)).toEqual(['first question', 'rate us']);
  expect(tickets).toEqual([]);
});

test.each([
  ['3', 1],
  ['6', 1],
  ['7', 0],
] as const)('no: tell us, and a %s opens %i tickets', async (score, opened) => {
  const { ada, tickets } = await asked();
  await ada.react('first question', answered, 'no');
  await ada.react('tell us', answered, { score: Number(score) });
  expect(steps(ada)).toEqual(['first question', 'tell us']);
  expect(tickets).toHaveLength(opened);
});

test('dismissed: again after 30 days, once', async () => {
  const { ada } = await asked();
  await ada.react('first question', dismissed);
  await exporting(ada, 2);
  await ada.forward('9 days');
  await ada.track(exportFinished, {});
  expect(steps(ada)).toEqual(['first question']);
  await ada.forward('1 day');
  await ada.track(exportFinished, {});
  expect(steps(ada)).toEqual(['first question', 'second question']);
  await ada.react('second question', dismissed);
  await exporting(ada, 14);
  expect(steps(ada)).toHaveLength(2);
});

test('answered: not for six months, and then again', async () => {
  const { ada } = await asked();
  await ada.forward('5 days');
  await ada.react('first question', answered, 'yes');
  await exporting(ada, 18);
  expect(steps(ada)).toEqual(['first question', 'rate us']);
  await exporting(ada, 1);
  expect(steps(ada)).toEqual(['first question', 'rate us', 'first question']);
});

test('at most twice a year', async () => {
  const { ada } = await asked();
  await ada.react('first question', answered, 'yes');
  await exporting(ada, 19);
  await ada.react('first question', dismissed);
  await exporting(ada, 16);
  expect(steps(ada).filter((step) => step.endsWith('question'))).toHaveLength(2);
  await exporting(ada, 12);
  expect(steps(ada).filter((step) => step.endsWith('question'))).toHaveLength(3);
});

test('no app session for 60 days: by mail, once, and a low score there opens a ticket', async () => {
  const { ada, tickets } = await active();
  await ada.forward('61 days');
  expect(ada.messages).toMatchObject([{ journey: 'nps-by-mail', channel: 'email' }]);
  await ada.track(scoreGiven, { score: 2 });
  expect(tickets).toEqual(['opened']);
  await ada.forward('100 days');
  expect(ada.messages).toHaveLength(1);
});

test('who has answered in the app gets no mail', async () => {
  const { ada } = await asked();
  await ada.react('first question', answered, 'yes');
  await ada.forward('100 days');
  expect(ada.messages.map(({ channel }) => channel)).toEqual(['inApp', 'inApp']);
});

test('an answer that arrives twice: one card follows, and one ticket', async () => {
  const { ada, tickets } = await asked();
  await ada.react('first question', answered, 'no');
  await ada.react('first question', answered, 'no');
  await ada.react('tell us', answered, { score: 2 });
  await ada.react('tell us', answered, { score: 2 });
  await ada.track(scoreGiven, { score: 2 });
  expect(steps(ada)).toEqual(['first question', 'tell us']);
  expect(tickets).toEqual(['opened']);
});

test('no rating is asked of somebody who just complained', async () => {
  const { ada } = await asked();
  await ada.track(complaintMade, {});
  await ada.react('first question', answered, 'yes');
  expect(steps(ada)).toEqual(['first question']);
});

test('nor are they asked whether they enjoy it, until two weeks later', async () => {
  const { ada } = await active();
  await ada.forward('29 days');
  await ada.track(complaintMade, {});
  await ada.forward('1 day');
  await ada.track(exportFinished, {});
  expect(steps(ada)).toEqual([]);
  await ada.forward('14 days');
  await ada.track(exportFinished, {});
  expect(steps(ada)).toEqual(['first question']);
});

import type { Page } from 'playwright-core';
import { changed, exampleOf } from './examples';
import { gone, harness, kindPages, logOf, measured, overflowing, PHONE, show, violations } from './harness';

const { open } = kindPages();

describe('a survey', () => {
  const answers = async (page: Page) =>
    (await logOf(page)).flatMap(([reaction, value]) => (reaction === 'answers' ? [value] : []));

  it('is answered by keyboard alone, each answer reported as it is given, by the way its branches lead', async () => {
    const { page } = await open();
    await show(page, exampleOf('survey'));
    const survey = page.locator('sojourn-survey');
    await survey.getByRole('radio', { name: '0', exact: true }).focus();
    await page.keyboard.press('1');
    await page.keyboard.press('0');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // 9 and 10 skip what should be better.
    await survey.getByRole('group', { name: 'What did you like most?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await survey.getByRole('group', { name: 'How was the courier?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await survey.getByRole('group', { name: 'How easy was it to order?' }).waitFor();
    // Digits are heard by the whole question, which has the focus when it is asked.
    await page.keyboard.press('4');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await survey.getByRole('textbox', { name: 'Anything else?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Good & <b>quick</b>');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await survey.getByText('Thank you. It helps').first().waitFor();
    expect(await answers(page)).toEqual([
      { answers: { nps: 10 }, done: false },
      { answers: { liked: 'speed' }, done: false },
      { answers: { stars: 2 }, done: false },
      { answers: { ease: 4 }, done: false },
      { answers: { words: 'Good & <b>quick</b>' }, done: true },
    ]);
  });

  it('thanks, and takes itself away', async () => {
    const { page } = await open();
    const questions = [{ id: 'ok', type: 'text', ask: 'All right?', optional: true }] as const;
    await show(page, changed('survey', { questions, thanks: 'Thank you.' }));
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('status').filter({ hasText: 'Thank you.' }).waitFor({ state: 'attached' });
    await gone(page, 'survey');
    expect(await logOf(page)).toEqual([['answers', { answers: {}, done: true }], ['dismissed']]);
  });

  it('reports nothing more once it was taken from the page', async () => {
    const { page } = await open();
    await page.clock.install();
    const questions = [{ id: 'ok', type: 'text', ask: 'All right?', optional: true }] as const;
    await show(page, changed('survey', { questions, thanks: 'Thank you.' }));
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you.').first().waitFor();
    const closed = harness(page, 'close');
    await page.clock.runFor(60_000);
    await closed;
    await page.clock.runFor(60_000);
    expect(await logOf(page)).toEqual([['answers', { answers: {}, done: true }]]);
  });

  it('goes back to an answer, which is kept', async () => {
    const { page } = await open();
    await show(page, exampleOf('survey'));
    await page.getByRole('radio', { name: '3', exact: true }).check({ force: true });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('checkbox', { name: 'Prices' }).check();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByRole('radio', { name: '3', exact: true }).isChecked()).toBe(true);
  });

  it('goes on where the person stopped', async () => {
    const { page } = await open();
    await show(page, changed('survey', {}, { answers: { nps: 10, liked: 'help' } }));
    await page.getByRole('group', { name: 'How was the courier?' }).waitFor();
    await page.getByText('4 of 6').waitFor();
  });

  it('asks for an answer unless the question is optional', async () => {
    const { page } = await open();
    await show(page, exampleOf('survey'));
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByRole('radio', { name: '2', exact: true }).check({ force: true });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('group', { name: 'What should we do better?' }).waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).isEnabled()).toBe(true);
  });

  it('lets no more be chosen than the question takes', async () => {
    const { page } = await open();
    const [, choices] = exampleOf('survey').message.content.questions ?? [];
    if (!choices) throw new Error('The example has no second question.');
    await show(page, changed('survey', { questions: [{ ...choices, max: 2 }] }));
    await page.getByRole('checkbox', { name: 'Prices' }).check();
    await page.getByRole('checkbox', { name: 'Packing' }).check();
    expect(await page.getByRole('checkbox', { name: 'Time of delivery' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await answers(page)).toEqual([{ answers: { wrong: ['price', 'packing'] }, done: true }]);
  });

  it('does not take the question away when a newer state arrives', async () => {
    const { page } = await open();
    const example = exampleOf('survey');
    await show(page, example);
    await page.getByRole('radio', { name: '3', exact: true }).check({ force: true });
    await harness(page, 'update', { ...example.message, seenAt: '2026-11-29T10:00:00Z' });
    expect(await page.getByRole('radio', { name: '3', exact: true }).isChecked()).toBe(true);
  });

  it('puts eleven numbers in two rows on a narrow phone', async () => {
    const { page } = await open(PHONE);
    await show(page, exampleOf('survey'));
    expect(await measured(page, 'rows', 'sojourn-survey', '.cell')).toBe(2);
  });

  it.each((exampleOf('survey').message.content.questions ?? []).map((question) => [question.type, question] as const))(
    'has nothing that axe finds in a question of type %s',
    async (_type, question) => {
      for (const theme of ['light', 'dark']) {
        const { page } = await open({ reducedMotion: 'reduce' });
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        await show(page, changed('survey', { questions: [question] }));
        await page.getByRole('group', { name: question.ask }).waitFor();
        expect(await violations(page)).toEqual([]);
        expect(await overflowing(page, 'survey')).toEqual([]);
      }
    },
  );
});

describe('a rating', () => {
  it('leads those who like the app to the store', async () => {
    const { page } = await open();
    await show(page, exampleOf('rating'));
    await page.getByRole('button', { name: 'Yes, I do' }).click();
    await page.getByRole('link', { name: 'Rate the app' }).click();
    expect(await logOf(page)).toEqual([
      ['answers', { answers: { love: 'yes' }, done: false }],
      ['answers', { answers: {}, done: true }],
      ['clicked', 'https://store.example.com/app'],
    ]);
  });

  it('asks the others what should be better', async () => {
    const { page } = await open();
    await show(page, exampleOf('rating'));
    await page.getByRole('button', { name: 'Not really' }).click();
    await page.getByRole('textbox', { name: 'What should be better?' }).fill('It is slow.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Somebody reads every word').first().waitFor();
    expect(await logOf(page)).toEqual([
      ['answers', { answers: { love: 'no' }, done: false }],
      ['answers', { answers: { feedback: 'It is slow.' }, done: true }],
    ]);
  });
});

import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { CARDS, PROFILE } from '../../../sdk/browser/src/gallery/cards';
import { EXAMPLES, messageOf, type Example } from '../../../sdk/browser/src/gallery/examples';
import type { Content, Message, PollResults, State } from '../../../sdk/browser/src/wire';
import { until } from '../../../dev/until';
import { startPages, type Pages } from './pages';

/** How a message looks and speaks, as `Settings` of the SDK, whose types need a browser. */
interface Settings {
  readonly locale: string;
  readonly texts?: Readonly<Record<string, string>>;
  readonly theme?: 'light' | 'dark';
}

let pages: Pages;
beforeAll(async () => {
  pages = await startPages();
});
afterAll(() => pages.stop());

const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
const STATE: State = { messages: CARDS, profile: PROFILE, flags: {}, variants: {}, polls: {} };

async function open(options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }> {
  const opened = await pages.open('/gallery/harness', options);
  await opened.page.locator('html[data-ready]').waitFor();
  return opened;
}

/** Calls what sdk/browser/src/gallery/harness.ts puts into the page. */
const harness = (page: Page, name: string, ...given: unknown[]): Promise<unknown> =>
  page.evaluate(
    ([called, args]) => {
      const { harness: own } = globalThis as unknown as { harness: Record<string, (...all: unknown[]) => unknown> };
      return own[called]?.(...args);
    },
    [name, given] as const,
  );
const show = (page: Page, example: Example, settings: Settings = { locale: 'en' }) =>
  harness(page, 'show', example, settings);
const logOf = (page: Page) => page.evaluate<[string, unknown?][]>('harness.log');

const exampleOf = (name: string): Example => {
  const example = EXAMPLES.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example '${name}'.`);
  return example;
};
const changed = (name: string, content: Partial<Content>, message: Partial<Message> = {}): Example => {
  const example = exampleOf(name);
  const { answered } = example;
  return {
    ...example,
    message: { ...example.message, ...message, content: { ...example.message.content, ...content } },
    ...(answered && { answered: { ...answered, content: { ...answered.content, ...content } } }),
  };
};
const element = (name: string) => `sojourn-${name}`;
const focused = (page: Page) => harness(page, 'focused');
const gone = (page: Page, name: string) => page.locator(element(name)).waitFor({ state: 'detached' });

const NAMES = EXAMPLES.map(({ name }) => name);

describe.each(NAMES)('%s', (name) => {
  it('shows its texts, with nothing that a strict policy refuses', async () => {
    const { page, problems } = await open();
    const { message } = exampleOf(name);
    await show(page, exampleOf(name));
    await page
      .locator(element(name))
      .getByText(message.content.title ?? '')
      .first()
      .waitFor();
    expect(problems).toEqual([]);
  });

  it('is left by its close button, once, and is then gone from the page', async () => {
    const { page } = await open();
    await show(page, exampleOf(name));
    await page.getByRole('button', { name: 'Close' }).click();
    await gone(page, name);
    expect(await logOf(page)).toEqual([['dismissed']]);
  });

  it('is left by Escape, and gives the focus back', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf(name));
    for (let tabs = 0; tabs < 20 && !(await holdsFocus(page, name)); tabs++) await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await gone(page, name);
    expect(await logOf(page)).toEqual([['dismissed']]);
    // A banner comes first in the page: from there the focus came from elsewhere.
    if (name !== 'banner') expect(await focused(page)).toBe('Other');
  });

  it('is as wide as a phone at most, and its targets are big enough for a finger', async () => {
    const { page } = await open(PHONE);
    await show(page, exampleOf(name));
    const box = await page.locator(element(name)).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(await overflowing(page, name)).toEqual([]);
    for (const target of await page.locator(element(name)).getByRole('button').all()) {
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
  });

  it('is laid out from right to left where the page is', async () => {
    const { page } = await open();
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    await show(page, exampleOf(name));
    const close = await page.getByRole('button', { name: 'Close' }).boundingBox();
    const title = await page
      .locator(`${element(name)} #title`)
      .first()
      .boundingBox();
    expect(close?.x).toBeLessThan((title?.x ?? 0) + (title?.width ?? 0) / 2);
    expect(await harness(page, 'styleOf', element(name), '.panel', 'direction')).toBe('rtl');
  });

  it('does not move where motion is reduced', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await show(page, exampleOf(name));
    expect(await harness(page, 'moving', element(name))).toBe(0);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await show(page, exampleOf(name));
    await page.locator(element(name)).getByRole('button').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows markup in any of its texts as text', async () => {
    const { page, problems } = await open();
    await show(page, attacked(exampleOf(name)));
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
    expect(await page.locator(`${element(name)} :is(b, script, iframe, [onerror])`).count()).toBe(0);
    expect(await harness(page, 'addresses', element(name))).toEqual([]);
    expect(problems).toEqual([]);
  });
});

const holdsFocus = (page: Page, name: string) =>
  page.evaluate(`document.activeElement?.localName === '${element(name)}'`);

const overflowing = (page: Page, name: string) => harness(page, 'overflowing', element(name));

async function violations(page: Page, except: string[] = []): Promise<unknown[]> {
  const { violations: found } = await new AxeBuilder({ page }).exclude(except).analyze();
  return found.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
  }));
}

const ATTACK = '<b>bold</b><img src=x onerror="globalThis.attacked=1"><script>globalThis.attacked=1</script>';

/** The same message with markup in each text, and an address that would run code in each address. */
function attacked(example: Example): Example {
  const FIXED = new Set(['kind', 'type', 'id', 'value', 'edge', 'anchor', 'results', 'to']);
  const attack = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') {
      return FIXED.has(name) ? value : name === 'url' || name === 'video' ? 'javascript:globalThis.attacked=1' : ATTACK;
    }
    if (Array.isArray(value)) return value.map((each) => attack(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, attack(each, key)]));
  };
  return { ...example, message: { ...example.message, content: attack(example.message.content) as Content } };
}

describe('a banner', () => {
  it('pushes the page down instead of covering it', async () => {
    const { page } = await open();
    const before = await page.locator('h1').boundingBox();
    await show(page, exampleOf('banner'));
    const banner = await page.locator('sojourn-banner').boundingBox();
    expect(banner?.y).toBe(0);
    expect((await page.locator('h1').boundingBox())?.y).toBeCloseTo((before?.y ?? 0) + (banner?.height ?? 0), 0);
  });

  it('stands at the bottom where its edge says so', async () => {
    const { page } = await open();
    await show(page, changed('banner', { edge: 'bottom' }));
    const box = await page.locator('sojourn-banner').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeCloseTo(700, 0);
  });

  it('leads to its address once, and lets the client follow it', async () => {
    const { page } = await open();
    await show(page, exampleOf('banner'));
    await page.getByRole('link', { name: 'See what is new' }).dblclick();
    expect(await logOf(page)).toEqual([['clicked', '/new']]);
    expect(page.url()).toBe(`${pages.origin}/gallery/harness`);
  });
});

describe('a modal', () => {
  it('takes the focus and keeps it', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf('modal'));
    expect(await focused(page)).toBe('Choose a plan');
    const seen = new Set<unknown>();
    for (let tabs = 0; tabs < 8; tabs++) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
    }
    expect(seen).toContain('Close');
    expect(seen).toContain('Not now');
    expect(seen).not.toContain('Export');
    expect(seen).not.toContain('Other');
  });

  it('is a dialog with a name and a description', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'));
    const dialog = page.getByRole('dialog', { name: 'Your trial ends on Friday' });
    await dialog.waitFor();
    expect(await dialog.getAttribute('aria-describedby')).toBe('body');
  });

  it('is left by a click outside, and not by one inside', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'));
    await page.getByText('Nothing is charged').click();
    expect(await logOf(page)).toEqual([]);
    await page.mouse.click(10, 10);
    expect(await logOf(page)).toEqual([['dismissed']]);
  });
});

describe('choices and putting off', () => {
  const CHOICES = [
    { value: 'yes', label: 'Yes' },
    { value: 'later', label: 'Another day' },
  ];

  it('takes one choice, and no second one', async () => {
    const { page } = await open();
    await show(page, {
      name: 'modal',
      message: messageOf({ kind: 'modal', title: 'Does Tuesday suit you?', choices: CHOICES }),
    });
    await page.getByRole('button', { name: 'Another day' }).dblclick();
    await gone(page, 'modal');
    expect(await logOf(page)).toEqual([['answer', 'later'], ['dismissed']]);
  });

  it('puts a message off', async () => {
    const { page } = await open();
    await show(page, exampleOf('slide-in'));
    await page.getByRole('button', { name: 'Tomorrow' }).click();
    expect(await logOf(page)).toEqual([['snoozed']]);
  });

  it('speaks a message that does not interrupt', async () => {
    const { page } = await open();
    await page.locator('#other').focus();
    await show(page, exampleOf('slide-in'));
    await page.getByRole('status').filter({ hasText: 'Pick up where you left off' }).waitFor({ state: 'attached' });
    expect(await focused(page)).toBe('Other');
  });

  it('speaks the language of the page, and the words of the app', async () => {
    const { page } = await open();
    await show(page, exampleOf('modal'), { locale: 'de-AT', texts: { close: 'Weg damit' } });
    await page.getByRole('button', { name: 'Jetzt nicht' }).waitFor();
    await page.getByRole('button', { name: 'Weg damit' }).waitFor();
  });
});

describe('a tip', () => {
  const boxes = async (page: Page) => {
    const [tip, anchor] = [
      await page.locator('sojourn-tip').boundingBox(),
      await page.locator('#export').boundingBox(),
    ];
    if (!tip || !anchor) throw new Error('Expected the tip and its anchor to be on the page.');
    return { tip, anchor };
  };

  it('stands below its anchor, and goes where it goes', async () => {
    const { page } = await open();
    await show(page, exampleOf('tip'));
    const { tip, anchor } = await boxes(page);
    expect(tip.y).toBeCloseTo(anchor.y + anchor.height + 12, 0);
    await page.evaluate(`document.querySelector('main').style.paddingTop = '200px'`);
    await until('the tip has moved', async () => (await boxes(page)).tip.y > tip.y + 100);
  });

  it('flips above an anchor that is low, and stays on the screen beside one at the edge', async () => {
    const { page } = await open();
    await page.evaluate(
      `Object.assign(document.querySelector('#export').style, { position: 'fixed', bottom: '4px', right: '2px' })`,
    );
    await show(page, exampleOf('tip'));
    const { tip, anchor } = await boxes(page);
    expect(tip.y + tip.height).toBeLessThanOrEqual(anchor.y);
    expect(tip.x + tip.width).toBeLessThanOrEqual(1000);
    expect(await page.locator('sojourn-tip').getAttribute('side')).toBe('above');
  });

  it('is not seen while its anchor is not, and returns with it', async () => {
    const { page } = await open();
    await show(page, exampleOf('tip'));
    await page.evaluate(`document.querySelector('#export').hidden = true`);
    await page.getByRole('heading', { name: 'Share it with your team' }).waitFor({ state: 'hidden' });
    await page.evaluate(`document.querySelector('#export').hidden = false`);
    await page.getByRole('heading', { name: 'Share it with your team' }).waitFor();
  });
});

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
    expect(await harness(page, 'rows', 'sojourn-survey', '.cell')).toBe(2);
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

describe('a poll', () => {
  const votes = (green: number, blue: number): PollResults => ({ votes: { green, blue }, total: green + blue });

  it('shows no results before the vote, and then counts and shares, with the own choice marked', async () => {
    const { page } = await open();
    await show(page, exampleOf('poll'));
    expect(await page.locator('sojourn-poll .total').textContent()).toBe('');
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByText('Votes: 917').waitFor();
    const own = page.getByRole('button', { name: 'Your choice: Ink blue' });
    expect(await own.getAttribute('aria-pressed')).toBe('true');
    expect(await own.locator('.figures').textContent()).toBe('56% · 509');
    await page.getByRole('status').filter({ hasText: 'Your choice: Ink blue, 56%' }).waitFor({ state: 'attached' });
  });

  it('moves as others vote, in the same rows', async () => {
    const { page } = await open();
    const example = changed('poll', { results: 'always' });
    await show(page, { ...example, results: votes(1, 1) });
    await page.getByText('Votes: 2').waitFor();
    const row = page.getByRole('button', { name: 'Moss green' });
    const same = await row.elementHandle();
    await harness(page, 'update', example.message, votes(3, 1));
    await page.getByText('Votes: 4').waitFor();
    expect(await row.locator('.figures').textContent()).toBe('75% · 3');
    expect(await same.isVisible()).toBe(true);
  });

  it('counts no votes for an option that nobody has chosen, whatever its name', async () => {
    const { page } = await open();
    const options = [
      { value: 'constructor', label: 'Moss green' },
      { value: 'blue', label: 'Ink blue' },
    ];
    const example = changed('poll', { options, results: 'always' });
    const results: PollResults = { votes: { blue: 2 }, total: 2 };
    await show(page, { ...example, results });
    await page.getByText('Votes: 2').waitFor();
    await harness(page, 'update', { ...example.message, answer: 'constructor' }, results);
    await page.getByRole('status').filter({ hasText: 'Your choice: Moss green, 0%' }).waitFor({ state: 'attached' });
    expect(await page.locator('sojourn-poll .figures').allTextContents()).toEqual(['0% · 0', '100% · 2']);
  });

  it('lets a vote be changed where the poll does, and not otherwise', async () => {
    const { page } = await open();
    await show(page, exampleOf('poll'));
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByRole('button', { name: 'Brick red' }).click();
    expect(await logOf(page)).toEqual([
      ['answer', 'blue'],
      ['answer', 'red'],
    ]);
    const { page: other } = await open();
    await show(other, changed('poll', { change: false }));
    await other.getByRole('button', { name: 'Ink blue' }).click();
    await other.getByRole('button', { name: 'Brick red' }).click({ force: true });
    expect(await logOf(other)).toEqual([['answer', 'blue']]);
  });

  it('shows never what all chose where it says so', async () => {
    const { page } = await open();
    await show(page, changed('poll', { results: 'never' }));
    await page.getByRole('button', { name: 'Ink blue' }).click();
    await page.getByRole('button', { name: 'Your choice: Ink blue' }).waitFor();
    expect(await page.locator('sojourn-poll .total').textContent()).toBe('');
  });

  it('has nothing that axe finds once it is answered', async () => {
    for (const theme of ['light', 'dark']) {
      const { page } = await open({ reducedMotion: 'reduce' });
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      await show(page, exampleOf('poll'));
      await page.getByRole('button', { name: 'Ink blue' }).click();
      await page.getByText('Votes: 917').waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });
});

describe('a quiz', () => {
  it('says right by a word and a sign, with the points', async () => {
    const { page } = await open();
    await show(page, exampleOf('quiz'));
    await page.getByRole('button', { name: 'Ethiopia' }).click();
    await page.getByText('Right · +10 points').waitFor();
    expect(await page.locator('sojourn-quiz .verdict .check').count()).toBe(1);
    await page
      .getByRole('status')
      .filter({ hasText: 'Right · +10 points. Its wild forests' })
      .waitFor({ state: 'attached' });
  });

  it('says wrong by a word and a sign, and marks what is right', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await show(page, exampleOf('quiz'));
    await page.getByRole('button', { name: 'Java' }).click();
    await page.getByText('Not quite').first().waitFor();
    await page.getByRole('button', { name: 'Right answer: Ethiopia' }).waitFor();
    await page.getByRole('button', { name: 'Your choice: Java' }).waitFor();
    expect(await page.locator('sojourn-quiz .verdict .close').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});

describe('progress and checklist', () => {
  it('moves when a newer state arrives, and says so', async () => {
    const { page } = await open();
    const example = exampleOf('progress');
    await show(page, example);
    const { message } = changed('progress', { title: 'Your order is on its way', progress: 0.75 });
    await harness(page, 'update', message);
    await page.getByRole('heading', { name: 'Your order is on its way' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75');
    await page.getByRole('status').filter({ hasText: 'on its way' }).waitFor({ state: 'attached' });
  });

  it('leads to where a step is done', async () => {
    const { page } = await open();
    await show(page, exampleOf('checklist'));
    await page.getByText('2 of 4').waitFor();
    await page.getByRole('link', { name: 'Add a photo' }).click();
    expect(await logOf(page)).toEqual([['clicked', '/photos']]);
  });
});

describe('the inbox', () => {
  const withInbox = async (state: State = STATE, options?: BrowserContextOptions) => {
    const opened = await open(options);
    await harness(opened.page, 'widget', 'sojourn-inbox', state);
    return opened;
  };

  it('counts what is unread, up to nine', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages, Unread: 2' }).waitFor();
    const many = Array.from({ length: 12 }, (_, n) =>
      messageOf({ kind: 'card', title: `Card ${n}` }, { id: `card-${n}` }),
    );
    await harness(page, 'showState', { ...STATE, messages: many });
    await page.getByText('9+').waitFor();
  });

  it('lists cards by day, newest first, opened and closed by keyboard', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Messages' }).waitFor();
    expect(await page.locator('sojourn-inbox h3').allTextContents()).toEqual([
      'Today',
      'Yesterday',
      expect.stringContaining('November'),
    ]);
    expect(await page.locator('sojourn-inbox .unread').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Messages' }).waitFor({ state: 'hidden' });
    expect(await focused(page)).toContain('Messages');
  });

  it('says what will come where it is empty', async () => {
    const { page } = await withInbox({ ...STATE, messages: [] });
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByText('Nothing here yet').waitFor();
  });

  it('takes a choice of a card, and then shows it', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Another day' }).click();
    await page.getByText('Your choice: Another day').waitFor();
  });

  it('removes a card', async () => {
    const { page } = await withInbox();
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Remove: Your parcel is at the door' }).click();
    await page.getByText('Left at 09:30').waitFor({ state: 'hidden' });
    expect(await logOf(page)).toEqual([['dismissed', 'card-parcel']]);
  });

  it('shows a film with its controls', async () => {
    const film = messageOf({
      kind: 'card',
      title: 'How it is made',
      video: '/gallery/film.mp4',
      image: { url: '/gallery/parcel.svg', alt: 'A parcel' },
    });
    const { page } = await withInbox({ ...STATE, messages: [film] });
    await page.getByRole('button', { name: 'Messages' }).click();
    const video = page.locator('sojourn-inbox video');
    expect(await video.getAttribute('src')).toBe(`${pages.origin}/gallery/film.mp4`);
    expect(await video.getAttribute('poster')).toBe(`${pages.origin}/gallery/parcel.svg`);
  });

  it('stays on the screen, also on a phone', async () => {
    for (const options of [{}, PHONE]) {
      const { page } = await withInbox(STATE, options);
      await page.getByRole('button', { name: 'Messages' }).click();
      const box = await page.getByRole('dialog', { name: 'Messages' }).boundingBox();
      const { width = 0, height = 0 } = page.viewportSize() ?? {};
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
      expect(await overflowing(page, 'inbox')).toEqual([]);
    }
  });

  it.each(['light', 'dark'])('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await withInbox();
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await harness(page, 'widget', 'sojourn-profile', STATE);
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByRole('dialog', { name: 'Messages' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows markup in cards as text', async () => {
    const { page, problems } = await withInbox({
      ...STATE,
      messages: CARDS.map((message) => attacked({ name: 'card', message }).message),
      profile: { ...PROFILE, badges: [ATTACK] },
    });
    await page.getByRole('button', { name: 'Messages' }).click();
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.locator('sojourn-inbox :is(b, script, a, img)').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});

describe('the look', () => {
  const background = (page: Page) => harness(page, 'styleOf', 'sojourn-slide-in', '.panel', 'background-color');

  it('follows the color-scheme of the page, unless the app says otherwise', async () => {
    const { page } = await open();
    await show(page, exampleOf('slide-in'));
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
    expect(await background(page)).toBe('rgb(18, 21, 27)');
    const { page: other } = await open();
    await show(other, exampleOf('slide-in'), { locale: 'en', theme: 'dark' });
    expect(await background(other)).toBe('rgb(18, 21, 27)');
  });

  it('takes the tokens and parts that the app sets', async () => {
    const { page } = await open();
    await page.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(':root { --sojourn-bg: rgb(1, 2, 3) } sojourn-slide-in::part(title) { color: rgb(4, 5, 6) }');
      document.adoptedStyleSheets = [sheet];
    })()`);
    await show(page, exampleOf('slide-in'));
    expect(await background(page)).toBe('rgb(1, 2, 3)');
    expect(await harness(page, 'styleOf', 'sojourn-slide-in', '#title', 'color')).toBe('rgb(4, 5, 6)');
  });
});

describe('the gallery', () => {
  it('shows each kind in four frames, and logs what is done in them', async () => {
    const { page, problems } = await pages.open('/gallery');
    await page.getByRole('link', { name: 'Slide in' }).click();
    await page.getByRole('heading', { name: 'Slide in' }).waitFor();
    expect(await page.locator('iframe').count()).toBe(4);
    await page.locator('iframe').first().contentFrame().getByRole('button', { name: 'Close' }).click();
    await page.getByText('dismissed').waitFor();
    expect(problems).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (colorScheme) => {
    // The frames are pages of an app, and tested by themselves.
    const { page } = await pages.open('/gallery#checklist', { colorScheme });
    await page.locator('iframe').last().contentFrame().locator('html[data-ready]').waitFor();
    expect(await violations(page, ['iframe'])).toEqual([]);
  });
});

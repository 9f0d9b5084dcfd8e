import type { BrowserContextOptions, Page } from 'playwright-core';
import { ASKED, CHATS } from '../../../sdk/browser/src/gallery/chats';
import type { Chat, ChatMessage, State } from '../../../sdk/browser/src/wire';
import { boxOf } from '../at-rest';
import { ATTACK, attacked } from './examples';
import { focused, harness, kindPages, logOf, measured, overflowing, PHONE, STATE, violations } from './harness';

const { open } = kindPages();

/** The conversation with the courier of the gallery, changed. */
function withBob(change: Partial<Chat> = {}): State {
  const [bob] = CHATS;
  if (!bob) throw new Error('The gallery has no conversation.');
  return { ...STATE, messages: [], chats: [{ ...bob, ...change }] };
}
const MESSAGES = withBob().chats?.[0]?.messages ?? [];
const said = (role: string, text: string, id = text): ChatMessage => ({ id, role, text, at: '2026-11-29T09:30:00Z' });
const QUESTIONS: State = { ...STATE, messages: ASKED };

async function withChat(state: State, options?: BrowserContextOptions, settings: object = { locale: 'en' }) {
  const opened = await open(options);
  await harness(opened.page, 'widget', 'sojourn-chat', state, settings);
  return opened;
}
const bell = (page: Page) => page.locator('sojourn-chat .bell');
const dialog = (page: Page) => page.getByRole('dialog');
async function opened(state: State, ...given: [options?: BrowserContextOptions, settings?: object]) {
  const shown = await withChat(state, ...given);
  await bell(shown.page).click();
  await dialog(shown.page).waitFor();
  return shown;
}
const lines = (page: Page) => page.locator('sojourn-chat .words').allTextContents();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('the chat', () => {
  it('counts what is unread of people and of questions, also while it is closed', async () => {
    const { page } = await withChat({ ...withBob(), messages: ASKED });
    await button(page, 'Chat, Unread: 2').waitFor();
    await harness(page, 'showState', withBob({ unread: 12 }));
    await button(page, 'Chat, Unread: 9+').waitFor();
    await harness(page, 'showState', withBob({ unread: 0 }));
    await button(page, 'Chat').waitFor();
  });

  it('opens by keyboard, keeps the focus, and gives it back when Escape closes it', async () => {
    const { page } = await withChat(withBob());
    await bell(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Bob · Courier' }).waitFor();
    const reached = new Set<unknown>();
    for (let tabs = 0; tabs < 12; tabs++) {
      await page.keyboard.press('Tab');
      reached.add(await focused(page));
    }
    expect([...reached]).toEqual(expect.arrayContaining(['Close', 'Report, Block', 'I am at the door', 'Message']));
    expect(reached).not.toContain('Export');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await focused(page)).toContain('Chat');
  });

  it('is closed by its button and by a press outside, and not by one inside', async () => {
    const { page } = await opened(withBob());
    await page.locator('sojourn-chat .words').last().click();
    await button(page, 'Close').click();
    await dialog(page).waitFor({ state: 'hidden' });
    await bell(page).click();
    await page.mouse.click(10, 10);
    await dialog(page).waitFor({ state: 'hidden' });
  });

  it('shows what others said on one side and what the user said on the other, with who said it for those who hear it', async () => {
    const { page } = await opened(withBob());
    expect(await lines(page)).toEqual([
      'Bob: I have your order and leave the shop now.',
      'You: Thank you',
      'You: The bell does not work, please knock.',
      'Bob: I have arrived',
    ]);
    const own = await boxOf(page.locator('sojourn-chat .own .words').first());
    const other = await boxOf(page.locator('sojourn-chat .line:not(.own) .words').first());
    expect(other.x).toBeLessThan(own.x);
    expect(other.x + other.width).toBeLessThan(own.x + own.width);
  });

  it('names who said what where there are several others', async () => {
    const others = [
      { role: 'courier', label: 'Courier', name: 'Bob', seen: null },
      { role: 'shop', label: 'Shop', name: 'Cleo', seen: null },
    ];
    const { page } = await opened(withBob({ others, messages: [said('shop', 'It is packed')] }));
    await page.getByRole('heading', { name: 'Bob · Courier, Cleo · Shop' }).waitFor();
    await page.getByText('Cleo:').waitFor();
    expect((await boxOf(page.getByText('Cleo:'))).width).toBeGreaterThan(20);
  });

  it('names whoever said it, also when somebody else has taken their place', async () => {
    const messages = [
      { ...said('courier', 'I am ill'), name: 'Carl' },
      { ...said('courier', 'I take over'), name: 'Bob' },
    ];
    const { page } = await opened(withBob({ messages }));
    expect(await lines(page)).toEqual(['Carl: I am ill', 'Bob: I take over']);
    // Bob is named above.
    expect((await boxOf(page.getByText('Carl:'))).width).toBeGreaterThan(20);
    expect((await boxOf(page.getByText('Bob:'))).width).toBeLessThan(2);
    const others = ['courier', 'shop'].map((role) => ({ role, label: '', name: role, seen: null }));
    await harness(page, 'showState', withBob({ others, messages }));
    await page.locator('sojourn-chat b').filter({ hasText: 'Bob:' }).waitFor();
    expect(await lines(page)).toEqual(['Carl: I am ill', 'Bob: I take over']);
  });

  it('says in words what became of what the user said last', async () => {
    const state = () => page.locator('sojourn-chat .state').allTextContents();
    const { page } = await opened(withBob());
    expect((await state()).filter(Boolean)).toEqual(['Seen']);
    await harness(page, 'showState', withBob({ others: [{ role: 'courier', label: '', name: 'Bob', seen: 'm2' }] }));
    expect((await state()).filter(Boolean)).toEqual(['Sent']);
    const waiting = [...MESSAGES, { ...said('customer', 'Here'), status: 'sending' as const }];
    const refused = [...waiting, { ...said('customer', 'There'), status: 'refused' as const }];
    await harness(page, 'showState', withBob({ messages: refused }));
    expect((await state()).filter(Boolean)).toEqual(['Seen', 'Sending', 'Not sent']);
  });

  it('shows when something was said to the pointer and to the keyboard', async () => {
    const { page } = await opened(withBob());
    const opacity = async () => String(await measured(page, 'styleOf', 'sojourn-chat', 'time', 'opacity')).split(',');
    await page.locator('sojourn-chat .words').first().hover();
    expect(await opacity()).toEqual(['1', '0', '0', '0']);
    await page.mouse.move(0, 0);
    await button(page, 'Close').focus();
    await page.keyboard.press('Tab');
    expect(await opacity()).toEqual(['1', '1', '1', '1']);
  });

  it('says a phrase by one press, and keeps the focus on it', async () => {
    const { page } = await opened(withBob());
    await button(page, 'I am at the door').click();
    await page.locator('sojourn-chat .own').filter({ hasText: 'I am at the door' }).waitFor();
    expect(await logOf(page)).toContainEqual(['say', { phrase: 'here' }]);
    expect(await focused(page)).toBe('I am at the door');
  });

  it('says what is typed, and nothing where it is blank', async () => {
    const { page } = await opened(withBob());
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('   ');
    await field.press('Enter');
    await field.fill('On the third floor');
    await button(page, 'Send').click();
    await page.locator('sojourn-chat .own').filter({ hasText: 'On the third floor' }).waitFor();
    expect((await logOf(page)).filter(([deed]) => deed === 'say')).toEqual([['say', { text: 'On the third floor' }]]);
    expect(await field.inputValue()).toBe('');
  });

  it('has no field where only phrases can be said', async () => {
    const { page } = await opened(withBob({ text: false }));
    await button(page, 'I am at the door').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });

  it('keeps what is typed when a message arrives, speaks it, and shows it at the end', async () => {
    const { page } = await opened(withBob());
    await page.getByRole('textbox').pressSequentially('I am com');
    const many = Array.from({ length: 20 }, (_, n) => said('courier', `Message ${n}`));
    await harness(page, 'showState', withBob({ messages: many, unread: 20 }));
    await page.getByRole('status').filter({ hasText: 'Message 19' }).waitFor({ state: 'attached' });
    expect(await page.getByRole('textbox').inputValue()).toBe('I am com');
    expect(await focused(page)).toBe('Message');
    const log = await boxOf(page.locator('sojourn-chat .log'));
    const last = await boxOf(page.locator('sojourn-chat .words').last());
    expect(last.y + last.height).toBeLessThanOrEqual(log.y + log.height);
  });

  it('keeps what is typed and the open menu when others have seen a message, and when another conversation begins', async () => {
    const { page } = await opened(withBob());
    await page.getByRole('textbox').pressSequentially('I am com');
    await page.getByLabel('Report, Block').click();
    await button(page, 'Report').waitFor();
    const seen = withBob({ others: [{ role: 'courier', label: 'Courier', name: 'Bob', seen: 'm2' }] });
    await harness(page, 'showState', seen);
    await page.locator('sojourn-chat .state').filter({ hasText: 'Sent' }).waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe('I am com');
    expect(await button(page, 'Report').isVisible()).toBe(true);
    await harness(page, 'showState', { ...seen, messages: ASKED });
    await button(page, 'Back').waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe('I am com');
  });

  it('reports what was seen once it is open, and not before', async () => {
    const { page } = await withChat(withBob());
    await button(page, 'Chat, Unread: 1').waitFor();
    expect(await logOf(page)).toEqual([]);
    await bell(page).click();
    await page.locator('sojourn-chat .count').waitFor({ state: 'detached' });
    expect(await logOf(page)).toEqual([['seen']]);
  });

  it('says that a conversation is closed or blocked, and lets nothing be said there', async () => {
    const { page } = await opened(withBob({ open: false }));
    await page.getByText('This conversation is closed.').waitFor();
    expect(await button(page, 'I am at the door').count()).toBe(0);
    await harness(page, 'showState', withBob());
    await button(page, 'I am at the door').waitFor();
    await harness(page, 'showState', withBob({ blocked: true }));
    await page.getByText('This conversation is closed.').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });

  it('reports once, and says so', async () => {
    const { page } = await opened(withBob());
    await page.getByLabel('Report, Block').click();
    await button(page, 'Report').click();
    await page.getByText('Done').waitFor();
    expect((await logOf(page)).filter(([deed]) => deed === 'report').length).toBe(1);
    expect(await button(page, 'Report').count()).toBe(0);
  });

  it('blocks only after a second press that says whom', async () => {
    const { page } = await opened(withBob());
    await page.getByLabel('Report, Block').click();
    await page.getByText('Block', { exact: true }).click();
    expect((await logOf(page)).filter(([deed]) => deed === 'block')).toEqual([]);
    await button(page, 'Block: Bob · Courier').click();
    await page.getByText('This conversation is closed.').waitFor();
    expect((await logOf(page)).filter(([deed]) => deed === 'block')).toEqual([['block']]);
  });

  it('takes an answer to the latest question, and shows it as said by the user', async () => {
    const { page } = await opened(QUESTIONS);
    await page.getByRole('heading', { name: 'Help' }).waitFor();
    expect(await lines(page)).toEqual(['Help: How can we help?', 'You: My order', 'Help: Which of your orders is it?']);
    expect(await page.getByLabel('Report, Block').count()).toBe(0);
    await button(page, 'The one of today').click();
    await page.locator('sojourn-chat .own').filter({ hasText: 'The one of today' }).waitFor();
    expect(await logOf(page)).toEqual([['answer', '1042']]);
    expect(await button(page, 'Another one').count()).toBe(0);
    expect(await page.evaluate(`document.activeElement.localName`)).toBe('sojourn-chat');
  });

  it('offers the choices of a question also after something is only said', async () => {
    const [question] = ASKED;
    if (!question) throw new Error('The gallery has no question.');
    const told = { ...question, id: 'told', content: { kind: 'chat', body: 'Yours is on its way.' } } as const;
    const { page } = await opened({ ...STATE, messages: [told, question] });
    await button(page, 'The one of today').click();
    expect(await logOf(page)).toEqual([['answer', '1042']]);
  });

  it('lists several conversations, each with what is unread, and leads there and back', async () => {
    const { page } = await opened({ ...QUESTIONS, chats: CHATS });
    await page.getByRole('heading', { name: 'Chat' }).waitFor();
    await button(page, 'Help, Unread: 1').waitFor();
    await button(page, 'Cleo · Courier').click();
    expect(await lines(page)).toEqual(['Cleo: It is beside the flower pot']);
    await page.getByText('This conversation is closed.').waitFor();
    await button(page, 'Back').click();
    await button(page, 'Bob · Courier, Unread: 1').click();
    await page.getByText('I have arrived').first().waitFor();
    await button(page, 'Back').click();
    await button(page, 'Bob · Courier').waitFor();
  });

  it('says what will come where there is nothing', async () => {
    const { page } = await opened({ ...STATE, messages: [] });
    await page.getByText('Nothing here yet').waitFor();
  });

  it('shows markup of people as text', async () => {
    const { page, problems } = await opened({
      ...withBob({
        others: [{ role: 'courier', label: ATTACK, name: ATTACK, seen: ATTACK }],
        phrases: [{ id: ATTACK, text: ATTACK }],
        messages: [said('courier', ATTACK, '1'), said('customer', ATTACK, '2')],
      }),
      messages: [],
    });
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.locator('sojourn-chat :is(b, script, a, img)').count()).toBe(0);
    await harness(page, 'showState', {
      ...STATE,
      messages: ASKED.map((message) => attacked({ name: 'chat', message }).message),
    });
    await page.getByText(ATTACK).first().waitFor();
    expect(await page.locator('sojourn-chat :is(b, script, a, img)').count()).toBe(0);
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('is 360 by 480 in the lower corner, and a sheet as wide as a phone with targets for a finger', async () => {
    const { page } = await opened(withBob());
    expect(await boxOf(dialog(page))).toEqual({ x: 1000 - 376, y: 700 - 496, width: 360, height: 480 });
    const { page: phone } = await opened(withBob(), PHONE);
    const box = await boxOf(dialog(phone));
    expect([box.x, box.width, box.y + box.height]).toEqual([0, 320, 640]);
    expect(await overflowing(phone, 'chat')).toEqual([]);
    for (const target of await phone.locator('sojourn-chat').getByRole('button').all()) {
      expect((await boxOf(target)).height).toBeGreaterThanOrEqual(44);
    }
    expect((await boxOf(phone.getByRole('textbox'))).height).toBeGreaterThanOrEqual(44);
  });

  it('runs from right to left where the page does', async () => {
    const { page } = await withChat(withBob());
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    await bell(page).click();
    const box = await boxOf(dialog(page));
    expect(box.x).toBe(16);
    const own = await boxOf(page.locator('sojourn-chat .own .words').first());
    const other = await boxOf(page.locator('sojourn-chat .line:not(.own) .words').first());
    expect(own.x).toBeLessThan(other.x);
  });

  it('does not move where motion is reduced', async () => {
    const { page } = await opened(withBob(), { reducedMotion: 'reduce' });
    expect(await harness(page, 'moving', 'sojourn-chat')).toBe(0);
  });

  it('tells own lines from others also in forced colors', async () => {
    const { page } = await opened(withBob(), { forcedColors: 'active' });
    const width = await measured(page, 'styleOf', 'sojourn-chat', '.words', 'border-top-width');
    expect(new Set(String(width).split(','))).toEqual(new Set(['1px']));
  });

  it('speaks the language of the page', async () => {
    const { page } = await opened(withBob({ open: false }), {}, { locale: 'de' });
    await page.getByText('Diese Unterhaltung ist beendet.').waitFor();
    await page.getByText('Gesehen').waitFor();
  });

  it.each(['light', 'dark'])('has nothing that axe finds, in %s', async (theme) => {
    const { page } = await withChat({ ...QUESTIONS, chats: CHATS });
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await bell(page).click();
    await button(page, 'Bob · Courier, Unread: 1').waitFor();
    expect(await violations(page)).toEqual([]);
    await button(page, 'Bob · Courier, Unread: 1').click();
    await page.getByLabel('Report, Block').click();
    await button(page, 'Report').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

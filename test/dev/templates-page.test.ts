import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../dev/chromium';
import { createTeardown } from '../../dev/teardown';
import { until } from '../support/until';
import { freePorts, interrupt, start, untilRunning } from './support/npm-start';

const TEMPLATES = 'journeys/hello/templates';
const mail = (subject: string, text: string): string =>
  `---\nsubject: ${subject}\npreheader: Before all else\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>\n`;
const FILES: Readonly<Record<string, string>> = {
  'journeys/events.ts': `import { event } from 'sojourn';
export const signedUp = event('Signed Up');
`,
  'journeys/policy.ts': `import { policy } from 'sojourn';\nexport default policy({ quietHours: null });\n`,
  'journeys/channels/sms.ts': `import { sms, twilioSms } from 'sojourn';\nexport default sms({ providers: [twilioSms()] });\n`,
  'journeys/hello/journey.ts': `import { journey } from 'sojourn';
import { signedUp } from '../events';
export default journey('hello', { enter: signedUp }, async (j) => {
  await j.send('hello', { email: 'hello', webPush: 'hello', inApp: 'hello', sms: 'hello' }, { data: { name: 'Ada <b>' } });
  await j.send('news', { email: 'news' });
});
`,
  [`${TEMPLATES}/hello.email.mjml`]: mail('Hello', 'Hello, {{ data.name }}.'),
  [`${TEMPLATES}/hello.de.email.mjml`]: mail('Hallo', 'Guten Tag, {{ data.name }}.'),
  [`${TEMPLATES}/hello.web-push.yaml`]: 'title: A push for {{ data.name }}\nbody: Look\nurl: /\n',
  [`${TEMPLATES}/hello.in-app.yaml`]:
    'kind: modal\ntitle: Well?\nbody: Choose.\nchoices:\n  - { value: y, label: Gladly }\n',
  [`${TEMPLATES}/hello.sms.yaml`]: `text: ${'0123456789'.repeat(16)}!\n`,
  [`${TEMPLATES}/news.email.mjml`]: mail('News', `${'A long line.<br />'.repeat(150)}The end`).replace(
    '</mj-column>',
    `</mj-column></mj-section><mj-raw><script>top.document.title = 'taken'; document.title = 'run'</script>
<form action="https://example.com/"><button>Send</button></form></mj-raw><mj-section><mj-column></mj-column>`,
  ),
};

let folder: string;
const parts = createTeardown();
let url: string;
let browser: Browser;
const complaints: string[] = [];

/** Saves as editors do that write a new file and rename it. */
function save(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sojourn-test-'));
  for (const [name, text] of Object.entries(FILES)) save(name, text);
  const env = await freePorts();
  parts.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  const running = start(folder, env, '--journeys', 'journeys', '--no-demo');
  const [, address = ''] = /Templates +(\S+)/.exec(await untilRunning(running)) ?? [];
  url = address;
  parts.add({ stop: () => interrupt(running).then(() => undefined) });
  browser = await launchChromium();
  parts.add({ stop: () => browser.close() });
});
afterAll(() => parts.stop());

async function open(template: string, more = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
  await page.goto(`${url}?journey=hello&template=${template}${more}`);
  await page.getByText('Shows each edit when it is saved.').waitFor();
  return page;
}

const inMail = (page: Page, text: string): Promise<void> => page.frameLocator('iframe').getByText(text).waitFor();

test('a template is shown on each channel, in each language, with example data', async () => {
  const page = await open('hello');
  await inMail(page, 'Hello, Ada <b>.');
  const shown = (text: string): Promise<boolean> => page.getByText(text, { exact: true }).first().isVisible();
  for (const text of ['Hello', 'Before all else', 'A push for Ada <b>', 'Gladly', '2 segments in GSM-7'])
    expect([text, await shown(text)]).toEqual([text, true]);
  await page.getByText('Text part').click();
  expect(await page.getByRole('region', { name: 'The email as text' }).innerText()).toContain('Hello, Ada <b>.');
  await page.getByRole('link', { name: 'German (de)' }).click();
  await inMail(page, 'Guten Tag, Ada <b>.');
  expect(await shown('Hallo')).toBe(true);
  await page.getByRole('link', { name: 'news' }).click();
  await inMail(page, 'The end');
});

test('an edit is shown when it is saved, without a reload, and what was scrolled to and opened stays', async () => {
  const page = await open('news');
  await inMail(page, 'The end');
  await page.getByText('Text part').click();
  await page.evaluate('window.isTheSame = true; scrollTo(0, 900)');
  await until('the frame is as high as the mail', async () => (await page.evaluate('scrollY')) === 900);
  save(`${TEMPLATES}/news.email.mjml`, (FILES[`${TEMPLATES}/news.email.mjml`] ?? '').replace('The end', 'Edited'));
  await inMail(page, 'Edited');
  expect(await page.evaluate('[window.isTheSame, scrollY]')).toEqual([true, 900]);
  expect(await page.locator('details').getAttribute('open')).toBe('');
});

test('a template with an error shows it with file and line instead of the message, and the others stay', async () => {
  const page = await open('hello');
  const file = `${TEMPLATES}/hello.de.email.mjml`;
  save(file, mail('Hallo', 'Guten Tag, {{ data.nam }}.'));
  await page.getByRole('link', { name: 'hello error' }).waitFor();
  await inMail(page, 'Hello, Ada <b>.');
  await page.getByRole('link', { name: 'German (de)' }).click();
  const error = page.getByRole('region', { name: 'The error' });
  expect(await error.innerText()).toMatch(
    /journeys\/hello\/templates\/hello\.de\.email\.mjml:5.*unknown variable data\.nam/,
  );
  expect(await error.innerText()).toContain('> 5 | <mjml>');
  expect(await page.locator('iframe').count()).toBe(0);
  expect(await page.getByText('A push for Ada <b>').isVisible()).toBe(true);
  save(file, FILES[file] ?? '');
  await inMail(page, 'Guten Tag, Ada <b>.');
  // Journeys that can't even be loaded.
  save('journeys/hello/journey.ts', 'const a = ;\n');
  await page.getByText('The journeys cannot be loaded.').waitFor();
  expect(await error.innerText()).toContain('journeys/hello/journey.ts:1:11');
  await inMail(page, 'Guten Tag, Ada <b>.');
  save('journeys/hello/journey.ts', FILES['journeys/hello/journey.ts'] ?? '');
  await error.waitFor({ state: 'detached' });
});

test('nothing of a mail runs or reaches the page, also when it is opened alone', async () => {
  const page = await open('news');
  await inMail(page, 'Send');
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Send' }).click();
  expect(await page.title()).toBe('news · hello');
  expect(await frame.locator('title').textContent()).toBe('News');
  const alone = await browser.newPage();
  const address = (await page.locator('iframe').getAttribute('src')) ?? '';
  const answer = await alone.goto(new URL(address, url).href);
  expect(answer?.headers()['content-security-policy']).toMatch(/^sandbox (?!.*allow-scripts).*default-src 'none'/);
  expect(await alone.title()).toBe('News');
});

test('a mail can be seen in light and in dark, and as wide as on a phone', async () => {
  const dark = `<mj-head><mj-style>@media (prefers-color-scheme: dark) { body { color: rgb(1, 2, 3) } }</mj-style></mj-head>`;
  save(`${TEMPLATES}/hello.email.mjml`, mail('Hello', 'Dark?').replace('<mj-body>', `${dark}<mj-body>`));
  const page = await open('hello', '&theme=light', { colorScheme: 'dark' });
  await inMail(page, 'Dark?');
  const isDark = (): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.querySelector("iframe").contentDocument.body).color === "rgb(1, 2, 3)"');
  expect(await isDark()).toBe(false);
  await page.getByRole('link', { name: 'Dark', exact: true }).click();
  await until('the mail is dark', isDark);
  await page.getByRole('link', { name: 'Phone', exact: true }).click();
  await until('the mail is narrow', async () => ((await page.locator('iframe').boundingBox())?.width ?? 0) <= 375);
});

test('axe finds nothing in light and dark, and the page is no wider than a phone', async () => {
  complaints.length = 0;
  for (const options of [
    { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
    { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
  ] as const) {
    const page = await open('hello', '', options);
    const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
  expect(complaints).toEqual([]);
});

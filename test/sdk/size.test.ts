import { bundleSdk, languageSize, wholeSize } from '../../dev/bundle-sdk';

/** What the SDK may cost a page, in bytes of minified JavaScript after brotli. */
const CORE_BYTES = 5_000;
/** The goal is 15,000. */
const ALL_BYTES = 17_800;
const LANGUAGE_BYTES = 500;

test('the core of the SDK is at most 5 kB', async () => {
  const { firstSize } = await bundleSdk();
  expect(firstSize('core')).toBeLessThanOrEqual(CORE_BYTES);
});

test('the SDK with every kind of message is at most 17.8 kB', async () => {
  expect(await wholeSize()).toBeLessThanOrEqual(ALL_BYTES);
});

test('a language other than English adds at most half a kB', async () => {
  expect(await languageSize('de')).toBeLessThanOrEqual(LANGUAGE_BYTES);
});

test('a page loads no kind of message before it needs it', async () => {
  const { firstSize } = await bundleSdk();
  expect(firstSize('index')).toBeLessThan((await wholeSize()) / 2);
});

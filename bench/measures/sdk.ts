import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { coreSize, sizeOf, wholeSize } from '../../dev/bundle-sdk';
import type { Report } from '../../dev/report';
import type { Figure } from '../figure';

/** The packages to compare with: `bench/sdk-packages` of the checkout. This file runs in the build, `.sojourn/bench/build/bench/measures`. */
const PACKAGES = join(__dirname, '..', '..', '..', '..', '..', 'bench', 'sdk-packages');

/** What an app imports of each. The surveys of PostHog are a script of their own, which its client loads. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  customerio: ["import Gist from 'customerio-gist-web'; export { Gist };"],
  knock: ["export * from '@knocklabs/client';"],
  novu: ["export * from '@novu/js';"],
  novu_with_ui: ["export * from '@novu/js'; export * from '@novu/js/ui';"],
  posthog_with_surveys: ["export * from 'posthog-js';", "import 'posthog-js/dist/surveys.js';"],
  braze: ["export * from '@braze/web-sdk';"],
};

/** Compares the size of the browser SDK with that of others, all bundled in the same way: minified, and compressed by brotli. */
export async function measureSdk(report: Report): Promise<Figure[]> {
  report('sdk: installing the packages of others');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: PACKAGES,
    stdio: 'inherit',
  });
  const figure = (of: string, bytes: number, atMost?: number): Figure => ({
    name: 'sdk',
    of,
    value: bytes / 1_000,
    unit: 'kB',
    ...(atMost !== undefined && { target: { bound: 'at most', value: atMost } }),
    note: 'minified, brotli',
  });
  const others = Object.entries(OTHERS).map(async ([name, imports]) => {
    const sizes = await Promise.all(
      // Some packages contain a tsconfig.json whose base they do not contain.
      imports.map((contents) => sizeOf(PACKAGES, { stdin: { contents, resolveDir: PACKAGES }, tsconfigRaw: '{}' })),
    );
    return figure(
      name,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  });
  return [figure('core', await coreSize(), 5), figure('all', await wholeSize(), 15), ...(await Promise.all(others))];
}

import type { Browser } from 'playwright-core';

const GAP = 8;

/** Pictures that stand beside each other on a sheet. */
export interface Sheet {
  /** PNG, each as wide as the others. */
  readonly shots: readonly Buffer[];
  /** CSS pixels. */
  readonly width: number;
  readonly columns: number;
}

/** Writes a sheet of pictures as a PNG. */
export async function writeSheet(browser: Browser, { shots, width, columns }: Sheet, path: string): Promise<void> {
  const sheet = await browser.newPage({ viewport: { width: columns * (width + GAP) + GAP, height: 100 } });
  const images = shots
    .map((shot) => `<img width="${width}" src="data:image/png;base64,${shot.toString('base64')}">`)
    .join('');
  const look = `margin:0;padding:${GAP}px;gap:${GAP}px;display:flex;flex-wrap:wrap;align-items:start;background:#828c9b`;
  await sheet.setContent(`<body style="${look}">${images}</body>`, { waitUntil: 'load' });
  await sheet.locator('body').screenshot({ path });
  await sheet.close();
}

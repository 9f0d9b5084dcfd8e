import type { Totals } from './checkpoint';
import { count } from './report-text';

/** How often the line is written. Real milliseconds. */
const EVERY_MS = 1_000;

/** Says on a stream how far an import is. A terminal gets one line that changes, anything else a line now and then. */
export class ProgressLine {
  private shownAt = 0;
  private begun: { readonly file: string; readonly at: number; readonly rows: number } | null = null;
  private isOpen = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(file: string, { rows, rejected }: Totals): void {
    const now = Date.now();
    if (this.begun?.file !== file) this.begun = { file, at: now, rows };
    if (now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    const seconds = (now - this.begun.at) / 1_000;
    const rate = seconds > 0 ? `, ${Math.round((rows - this.begun.rows) / seconds).toLocaleString('en')} a second` : '';
    const text = `${file}: ${count(rows, 'row')}${rate}${rejected > 0 ? `, ${count(rejected, 'row')} rejected` : ''}`;
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    this.isOpen = this.stream.isTTY;
  }

  /** Writes a line of its own. */
  say(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }

  /** Ends the line that changes. */
  end(): void {
    if (this.isOpen) this.stream.write('\n');
    this.isOpen = false;
  }
}

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { JourneyCode } from '../../activities/journey-code';
import type { GoodReading, JourneySource, Reading } from '../hot/load';
import { formatProblems } from '../hot/place';
import type { Part } from '../teardown';
import { templateEntries, type TemplateEntry } from './entries';

/** The templates as they are written now. */
export interface BoardState {
  /** Differs for each reading of the journeys, also in another process. */
  readonly version: string;
  readonly entries: readonly TemplateEntry[];
  /** Why the journeys can't be loaded, in which case the entries are older; null when they can. */
  readonly trouble: string | null;
}

/** Renders the templates of the journeys that were read last, and tells open pages when others are read. */
export class TemplateBoard implements Part {
  private version = randomUUID();
  private code: JourneyCode;
  private trouble: string | null = null;
  /** Rendered when a page asks: edits cost nothing while none is open. */
  private rendered: Promise<TemplateEntry[]> | null = null;
  private readonly pages = new Set<ServerResponse>();
  private isStopped = false;

  constructor(
    private readonly source: Pick<JourneySource, 'folders'>,
    first: GoodReading,
  ) {
    this.code = first.code;
  }

  /** Takes up journeys that were read, and tells the pages. */
  update(reading: Reading): void {
    this.version = randomUUID();
    this.trouble = reading.kind === 'broken' && reading.code === null ? formatProblems(reading.problems, false) : null;
    if (reading.code !== null && reading.code !== this.code) {
      this.code = reading.code;
      this.rendered = null;
    }
    for (const page of this.pages) this.tell(page);
  }

  async state(): Promise<BoardState> {
    const { version, trouble } = this;
    this.rendered ??= templateEntries(this.code, this.source.folders);
    return { version, trouble, entries: await this.rendered };
  }

  /** Tells a page the version, and each later one, as server-sent events. */
  follow(page: ServerResponse): void {
    if (this.isStopped) {
      page.end();
      return;
    }
    this.pages.add(page);
    page.once('close', () => this.pages.delete(page));
    page.write('retry: 1000\n\n');
    this.tell(page);
  }

  /** Ends the events of all pages, which would keep the server from closing. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const page of this.pages) page.end();
  }

  private tell(page: ServerResponse): void {
    page.write(`data: ${this.version}\n\n`);
  }
}

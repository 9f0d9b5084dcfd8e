import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What the client shows. */
export interface Shown {
  /** The ids of the messages, the latest first. */
  readonly messages: readonly string[];
  readonly points: number;
}

export type Instruction = { readonly do: string } & Readonly<Record<string, unknown>>;
type Line = Partial<{ shows: Shown; wants: 'token'; did: string; value: unknown }>;

/** A client that runs as a process: it reads an instruction a line, and prints a line for what it shows, wants and has done. */
export class ClientProcess {
  shown: Shown | undefined;
  /** How often it has asked for a new token. */
  tokensWanted = 0;
  private readonly waiting: { readonly done: (line: Line) => void; readonly failed: (error: Error) => void }[] = [];
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<void>;
  private errors = '';

  /**
   * @param command for the shell
   * @param newToken is asked when the client wants a token
   */
  constructor(command: string, newToken: () => Promise<string>) {
    // In a group of its own, so that `kill` also ends what it has started.
    this.child = spawn('sh', ['-c', command], { detached: true });
    this.child.stderr
      .setEncoding('utf8')
      .on('data', (piece: string) => (this.errors = (this.errors + piece).slice(-2_000)));
    // Whoever waits is told by `close`.
    this.child.stdin.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      const fail = (how: string): void => {
        for (const { failed } of this.waiting.splice(0)) failed(new Error(`The client ended (${how}). ${this.errors}`));
        resolve();
      };
      this.child.once('error', ({ message }) => fail(message));
      this.child.once('close', (code, signal) => fail(signal ?? `code ${code}`));
    });
    createInterface(this.child.stdout).on('line', (text) => this.take(text, newToken));
  }

  /** Gives an instruction. Resolves to what the client says of it, once it is done. */
  async tell(instruction: Instruction): Promise<unknown> {
    const line = await new Promise<Line>((done, failed) => {
      this.waiting.push({ done, failed });
      this.child.stdin.write(`${JSON.stringify(instruction)}\n`);
      if (!this.isRunning) failed(new Error(`The client has ended. ${this.errors}`));
    });
    return line.value;
  }

  track(event: string): Promise<unknown> {
    return this.tell({ do: 'track', event, properties: {} });
  }

  react(message: string, reaction: string): Promise<unknown> {
    return this.tell({ do: 'react', message, reaction });
  }

  /** Moves the client's clock ahead. */
  later(minutes: number): Promise<unknown> {
    return this.tell({ do: 'later', seconds: minutes * 60 });
  }

  /** Ends the process without notice, as a phone does. */
  async kill(): Promise<void> {
    if (this.child.pid !== undefined && this.isRunning) process.kill(-this.child.pid, 'SIGKILL');
    await this.closed;
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  private take(text: string, newToken: () => Promise<string>): void {
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      this.errors += `It printed a line that is not JSON: ${text}\n`;
      return;
    }
    if (line.shows) this.shown = line.shows;
    if (line.did !== undefined) this.waiting.shift()?.done(line);
    if (line.wants !== 'token') return;
    this.tokensWanted++;
    void newToken().then((token) => this.tell({ do: 'token', token }).catch(() => undefined));
  }
}

import type { ServerResponse } from 'node:http';
import { changedSince, withPolls, type WireState } from './state';

/** Why a stream ends: its token does not hold any more, this process stops, or its reader takes too little. */
export type EndReason = 'token' | 'stopping' | 'slow';

/** A comment is sent when there was nothing else for this long. Real milliseconds. */
const COMMENT_MS = 15_000;
/** A stream that has ended is cut off if its reader has not taken the rest by then. Real milliseconds. */
const LINGER_MS = 5_000;

/** What a page tells its owner. */
export interface PageEvents {
  readonly onClosed: (page: Page) => void;
  /** The reader has caught up, after states were left out. */
  readonly onCaughtUp: (page: Page) => void;
}

/**
 * An open stream, in the format of server-sent events. It does not keep the state, only the version that was sent last. While its
 * reader is behind, states are left out: at most one is buffered, and the next one that is sent is the latest.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class Page {
  private writtenAt = performance.now();
  /** Since when the reader is behind, by the steady clock; null when it is not. */
  private behindSince: number | null = null;
  private hasMissed = false;

  /**
   * @param version of the state that the reader has; empty if it has none
   * @param expiresAt when the token expires, real epoch milliseconds
   */
  constructor(
    private readonly response: ServerResponse,
    private version: string,
    readonly expiresAt: number,
    { onClosed, onCaughtUp }: PageEvents,
  ) {
    response.once('close', () => onClosed(this));
    response.on('drain', () => {
      this.behindSince = null;
      if (this.hasMissed) onCaughtUp(this);
      this.hasMissed = false;
    });
  }

  /** Sends what has changed since the last state that was sent. */
  send(state: WireState): void {
    if (this.behindSince !== null) {
      this.hasMissed = true;
      return;
    }
    const changed = changedSince(this.version, state);
    if (changed === null) return;
    this.version = state.version;
    this.write(`id: ${state.version}\nevent: state\ndata: ${changed}\n\n`);
  }

  /**
   * Sends the results of polls alone, if the reader has others. A reader without a state gets them with it.
   * @param polls the JSON text of the member
   */
  sendPolls(polls: string): void {
    if (this.behindSince !== null) {
      this.hasMissed = true;
      return;
    }
    const version = withPolls(this.version, polls);
    if (version === null) return;
    this.version = version;
    this.write(`id: ${version}\nevent: state\ndata: {"polls":${polls}}\n\n`);
  }

  /**
   * Shows that the stream is alive, or ends it when the reader has been behind for too long.
   * @param now of the steady clock
   * @param patienceMs how long a reader may be behind
   */
  beat(now: number, patienceMs: number): void {
    if (this.behindSince === null) {
      if (now - this.writtenAt >= COMMENT_MS) this.write(':\n\n');
    } else if (now - this.behindSince > patienceMs) this.end('slow');
  }

  /** Ends the stream. */
  end(reason: EndReason): void {
    const { response } = this;
    if (response.writableEnded) return;
    response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    const overdue = setTimeout(() => response.destroy(), LINGER_MS).unref();
    response.once('close', () => clearTimeout(overdue));
  }

  private write(text: string): void {
    if (this.response.writableEnded) return;
    this.writtenAt = performance.now();
    if (!this.response.write(text)) this.behindSince = this.writtenAt;
  }
}

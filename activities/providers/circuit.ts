/** Failures one after another that open a circuit. */
const FAILURES = 5;
/** How long a circuit is open: the first time, and at most, as it doubles with every attempt that fails. Real milliseconds. */
const OPEN_MS = 10_000;
const LONGEST_MS = 160_000;
/** While one message tries whether a provider works again, the others wait this long. Real milliseconds. */
const TRIAL_MS = 1_000;
/** The longest pause that a provider can ask for. Real milliseconds. */
const LONGEST_PAUSE_MS = 3_600_000;

/** `closed`: messages flow. `open`: none is sent. `half-open`: one message tries whether the provider works again. */
export type CircuitState = 'closed' | 'half-open' | 'open';

/**
 * Keeps a provider that fails from being asked for a while, and one that asks for a pause from being asked during it. All times are of
 * a steady clock, in milliseconds.
 */
export class Circuit {
  private failures = 0;
  private openMs = 0;
  private openUntil = 0;
  private isTried = false;
  private pausedUntil = 0;

  /** @param onState called when the state changes */
  constructor(
    private readonly now: () => number,
    private readonly onState: (state: CircuitState) => void,
  ) {}

  /** For how long nothing may be sent; 0 when a message may be sent now. */
  get waitMs(): number {
    const now = this.now();
    const circuit = this.isTried ? TRIAL_MS : this.openUntil - now;
    return Math.max(0, this.pausedUntil - now, this.openMs > 0 ? circuit : 0);
  }

  /** Notes that a message is sent. Only call this when `waitMs` is 0. */
  begin(): void {
    if (this.openMs === 0) return;
    this.isTried = true;
    this.onState('half-open');
  }

  /** Notes that the provider works. */
  succeeded(): void {
    this.failures = 0;
    this.isTried = false;
    if (this.openMs === 0) return;
    this.openMs = 0;
    this.onState('closed');
  }

  /** Notes that the provider failed. */
  failed(): void {
    this.failures++;
    const wasTried = this.isTried;
    this.isTried = false;
    if (wasTried) this.open(Math.min(LONGEST_MS, this.openMs * 2));
    else if (this.failures >= FAILURES && this.openMs === 0) this.open(OPEN_MS);
  }

  /** Notes that an attempt says nothing about the provider. */
  unknown(): void {
    if (!this.isTried) return;
    this.isTried = false;
    this.onState('open');
  }

  /** Notes that the provider asks for a pause. It works, so its circuit is not opened. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + Math.min(ms, LONGEST_PAUSE_MS));
    this.unknown();
  }

  private open(ms: number): void {
    this.openMs = ms;
    this.openUntil = this.now() + ms;
    this.onState('open');
  }
}

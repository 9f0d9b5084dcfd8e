/** Messages of a worker that may wait for one provider's answer. It is less than what keeps a worker from starting users. */
const MOST = 40;
/** How long a message waits for room. Real milliseconds. */
const WAIT_MS = 1_000;
/** A provider that has answered nothing for this long, although all its room is taken, hangs: nobody waits for it. Real milliseconds. */
const HANGS_MS = 3_000;

/** The room that the messages of one provider have in a worker, so that a slow provider delays those of the others as little as possible. */
export class Room {
  private underWay = 0;
  private lastLeft = 0;
  private readonly waiting = new Set<() => void>();

  /** @param now a steady clock, in milliseconds */
  constructor(private readonly now: () => number) {}

  /**
   * Waits for room, a short time at most.
   * @returns a function to call when the message has left; null when there is no room
   */
  async enter(): Promise<(() => void) | null> {
    if (this.underWay === 0) this.lastLeft = this.now();
    if (this.underWay >= MOST && (this.now() - this.lastLeft > HANGS_MS || !(await this.turn()))) return null;
    this.underWay++;
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.underWay--;
      this.lastLeft = this.now();
      const [next] = this.waiting;
      next?.();
    };
  }

  /** Resolves with true when somebody has left, and false when nobody did in time. */
  private turn(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (hasRoom: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(hasRoom);
      };
      const wake = (): void => end(true);
      const timer = setTimeout(() => end(this.underWay < MOST), WAIT_MS);
      this.waiting.add(wake);
    });
  }
}

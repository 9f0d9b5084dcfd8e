/** Services that are remembered. Endpoints are what clients send, so there can be any number of services. */
const MAX_SERVICES = 100;
/** How long an accepted push shows that our signature is right. Real milliseconds. */
const SHOWS_FOR_MS = 3_600_000;

/** Remembers which push services have accepted our signature lately, in this process. */
export class AcceptedLately {
  readonly #services = new Map<string, number>();

  /** Notes an accepted push. Times are real, epoch milliseconds. */
  note(endpoint: string, now: number): void {
    const { origin } = new URL(endpoint);
    // A map keeps the order of insertion: the first service is the one that accepted longest ago.
    this.#services.delete(origin);
    this.#services.set(origin, now);
    const [oldest] = this.#services.keys();
    if (this.#services.size > MAX_SERVICES && oldest !== undefined) this.#services.delete(oldest);
  }

  /** Whether the service of this endpoint has accepted our signature lately. */
  by(endpoint: string, now: number): boolean {
    return (this.#services.get(new URL(endpoint).origin) ?? -Infinity) > now - SHOWS_FOR_MS;
  }
}

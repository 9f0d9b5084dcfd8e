import type { Outgoing } from './provider';

/** The question whether a message may be sent, and what became of it. */
export class Confirmation {
  #isConfirmed = false;
  #refusal: unknown = null;

  constructor(private readonly message: Pick<Outgoing<unknown>, 'confirm'>) {}

  /** Whether the bytes of the message may have left. */
  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  /** Whether the answer was a no. */
  get isRefused(): boolean {
    return this.#refusal !== null;
  }

  /** Asks the question. The bytes leave at once when it resolves. */
  async ask(): Promise<void> {
    try {
      await this.message.confirm();
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
    this.#isConfirmed = true;
  }

  /**
   * The system error with which a request ended.
   * @throws the error itself when it is the refusal of the question, or a programming error
   */
  failureOf(error: unknown): { readonly code: string; readonly detail: string } {
    const { code, message: detail } = error as NodeJS.ErrnoException;
    if (code === undefined || error === this.#refusal) throw error;
    return { code, detail };
  }
}

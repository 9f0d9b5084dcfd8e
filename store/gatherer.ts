import { DatabaseError } from 'pg';

/** The two statements for one kind of request. */
export interface Statements<Item, Answer> {
  /** Answers one request. It may wait for locks. */
  readonly alone: (item: Item) => Promise<Answer>;
  /**
   * Answers several requests in one statement, in their order. It must not wait for locks of single rows. The answer is undefined
   * for a request that has to be repeated alone.
   */
  readonly together: (items: readonly Item[]) => Promise<readonly (Answer | undefined)[]>;
}

/** Requests in one statement. More would not make it cheaper, and each waits for all the others. */
const AT_MOST = 32;
/**
 * Time for which requests wait for the statement before them. Most statements take a millisecond. One that takes longer than this
 * holds up nobody: the next one is sent beside it. Real milliseconds.
 */
const PATIENCE_MS = 5;

interface Request<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers requests of the same kind into one statement, as DataLoader does. A request that comes alone is sent at once. Those that
 * come together, or while a statement is under way, are sent together.
 *
 * An error concerns only the request that caused it: when the database refuses the statement, each request is repeated alone.
 */
export class Gatherer<Item, Answer> {
  private waiting: Request<Item, Answer>[] = [];
  /** The statement that the waiting requests wait for; null when there is none, or when it takes too long. */
  private current: Promise<void> | null = null;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly statements: Statements<Item, Answer>) {}

  /**
   * Sends a request.
   * @throws the error of the database
   */
  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length === AT_MOST) this.send();
      else if (this.waiting.length === 1) this.startTimer();
    });
  }

  private startTimer(): void {
    const send = (): void => this.send();
    if (this.current) {
      const timer = setTimeout(send, PATIENCE_MS);
      this.cancelTimer = () => clearTimeout(timer);
    } else {
      // At the end of this turn of the event loop, which may bring more requests.
      const timer = setImmediate(send);
      this.cancelTimer = () => clearImmediate(timer);
    }
  }

  private send(): void {
    this.cancelTimer();
    const requests = this.waiting;
    this.waiting = [];
    const statement = this.answerAll(requests).then(() => {
      if (this.current !== statement) return;
      this.current = null;
      if (this.waiting.length > 0) this.send();
    });
    this.current = statement;
  }

  /** Never rejects. */
  private async answerAll(requests: readonly Request<Item, Answer>[]): Promise<void> {
    const [first] = requests;
    if (first && requests.length === 1) return this.answerAlone(first);
    const answers = await this.statements.together(requests.map(({ item }) => item)).catch((error: unknown) => {
      // Without an answer, such as after a broken connection, the request would fail alone as well.
      if (error instanceof DatabaseError) return [];
      for (const { reject } of requests) reject(error);
      return null;
    });
    if (!answers) return;
    requests.forEach((request, index) => {
      const answer = answers[index];
      if (answer === undefined) void this.answerAlone(request);
      else request.resolve(answer);
    });
  }

  private answerAlone({ item, resolve, reject }: Request<Item, Answer>): Promise<void> {
    return this.statements.alone(item).then(resolve, reject);
  }
}

/** Makes a value once for each key, and keeps it for as long as the key exists. */
export function remembered<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const values = new WeakMap<Key, Value>();
  return (key) => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    return value;
  };
}

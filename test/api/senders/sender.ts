import fc from 'fast-check';
import type { SignedRequest } from '../../fakes/signed-request';
import { mostly, text } from '../../support/hostile-values';

/** A request to the API: `path` is where, with the query. */
export interface Posted extends SignedRequest {
  readonly path: string;
}

/** How a message is known: by our id, and by a name that the provider has for it. */
export interface Known {
  readonly message: string;
  readonly reference: string;
}

/** How one provider reports. */
export interface Sender {
  /** A genuine report that a message was delivered. */
  readonly delivered: (of: Known) => Posted;
  /** Genuine requests, whose bodies are mostly nearly valid. */
  readonly anything: (known: readonly Known[]) => fc.Arbitrary<Posted>;
  /** What is signed of a request, decoded: requests that differ in nothing else are the same. Null if a password is all that counts. */
  readonly signed: ((request: Posted) => string) | null;
  /** A report like `delivered`, with the wrong key. */
  readonly wrongKey: (of: Known) => Posted;
  /** The same, signed ten minutes too early or too late, where the time counts. */
  readonly wrongTime?: (of: Known, at: Date) => Posted;
}

/** Mostly nearly valid JSON, and sometimes any text. */
const json = (nearly: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 20, arbitrary: nearly.map((value) => JSON.stringify(value)) }, { weight: 1, arbitrary: text });
/** An object with some of the fields. */
export const some = <Fields>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }): fc.Arbitrary<unknown> =>
  fc.record(fields, { requiredKeys: [] });
/** Mostly one of the values. */
export const one = (...values: readonly unknown[]): fc.Arbitrary<unknown> => mostly(fc.constantFrom(...values));
/** Mostly a text. */
export const words = mostly(text);
/** Mostly the id of a message that is known, or could be. */
export const messageOf = (known: readonly Known[]): fc.Arbitrary<unknown> =>
  mostly(fc.oneof(fc.constantFrom(...known.map(({ message }) => message)), fc.uuid(), text));
/** Mostly a name of a message at a provider. */
export const referenceOf = (known: readonly Known[]): fc.Arbitrary<unknown> =>
  mostly(fc.oneof(fc.constantFrom(...known.map(({ reference }) => reference)), text));
const LATELY = Date.now() / 1_000;
/** Mostly a number of seconds, also with a fraction. */
export const seconds = mostly(
  fc.oneof(
    fc.integer({ min: 0, max: 2 ** 31 }),
    fc.double(),
    fc.double({ min: LATELY - 3_000, max: LATELY, noNaN: true }),
  ),
);
/** The body as it is. */
export const bytes = ({ body }: Posted): string => body.toString('latin1');

/** Now, as providers write it. */
export const at = (): string => new Date().toISOString();

/** A sender of JSON to the path of a source. `sign` signs with the right key. */
export function ofJson(
  source: string,
  delivered: (of: Known) => unknown,
  nearly: (known: readonly Known[]) => fc.Arbitrary<unknown>,
  sign: (body: string) => SignedRequest,
  {
    signed,
    ...forge
  }: Pick<Sender, 'signed'> & {
    readonly wrongKey: (body: string) => SignedRequest;
    readonly wrongTime?: (body: string, at: Date) => SignedRequest;
  },
): Sender {
  const path = `/v1/receipts/${source}`;
  const { wrongKey, wrongTime } = forge;
  const bodyOf = (known: Known): string => JSON.stringify(delivered(known));
  return {
    delivered: (known) => ({ path, ...sign(bodyOf(known)) }),
    anything: (known) => json(nearly(known)).map((body) => ({ path, ...sign(body) })),
    signed,
    wrongKey: (known) => ({ path, ...wrongKey(bodyOf(known)) }),
    ...(wrongTime && { wrongTime: (known: Known, when: Date) => ({ path, ...wrongTime(bodyOf(known), when) }) }),
  };
}

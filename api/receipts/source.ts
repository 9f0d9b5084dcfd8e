import type { IncomingHttpHeaders } from 'node:http';
import type { Report } from '../../store/reports';

/** What a provider reports. `at` is in epoch milliseconds of real time. */
export type Receipt = Report;

/** The request of a provider, as it came. */
export interface ReceiptRequest {
  readonly headers: IncomingHttpHeaders;
  /** The bytes that are signed. */
  readonly body: Buffer;
  /** The address that the provider called, with its query: `PUBLIC_URL` and the path. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  /** When it came, epoch milliseconds of real time. */
  readonly receivedAt: number;
}

/** The values of the variables that a source needs, by their names. */
export type ReceiptSecrets = Readonly<Record<string, string>>;

/** One provider's way of reporting. */
export interface ReceiptSource {
  /** The last part of `POST /v1/receipts/<name>`. */
  readonly name: string;
  /** The environment variables with its keys. Without one of them the source does not exist. */
  readonly variables: readonly string[];
  /**
   * Reads a request.
   * @returns the receipts of a genuine request, which may be none; null when the signature is wrong
   * @throws {Problem} when it is genuine but can't be read
   */
  read(request: ReceiptRequest, secrets: ReceiptSecrets): Promise<readonly Receipt[] | null>;
}

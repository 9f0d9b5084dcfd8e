import type { Environment } from '../../config/rule';
import type { Access } from '../auth';
import { Problem } from '../problem';
import type { Receipt, ReceiptSecrets, ReceiptSource } from './source';

/** A request with receipts that was let in: what it reports; null when there is no such source. */
export type Reported = readonly Receipt[] | null;

/** Where receipts come in, and with which keys. */
interface Setup {
  readonly sources: readonly ReceiptSource[];
  readonly environment: Environment;
  /** The address under which providers call. */
  readonly publicUrl: string;
  /** Real epoch milliseconds. */
  readonly now: () => number;
}

/** Lets in requests that their source has signed. The signature is over the body, so that is read first. */
export function receiptAccess({ sources, environment, publicUrl, now }: Setup): Access<Reported> {
  const known = new Map(
    sources.flatMap((source) => {
      const secrets = secretsOf(source, environment);
      return secrets ? [[source.name, { source, secrets }] as const] : [];
    }),
  );
  return {
    name: 'receipt',
    inBody: 'signed',
    counted: (reported) => ({ limit: reported ? 'receipt' : 'refused', user: null }),
    authenticate: async ({ params, headers, body, originalUrl }) => {
      const found = known.get(String(params['source']));
      if (!found) return null;
      const request = {
        headers,
        body: body as Buffer,
        url: publicUrl + originalUrl,
        // Of several values with one name the last counts, as in a form.
        query: Object.fromEntries(new URLSearchParams(/\?(.*)$/.exec(originalUrl)?.[1])),
        receivedAt: now(),
      };
      const receipts = await found.source.read(request, found.secrets);
      if (!receipts) throw new Problem(401, { detail: 'The signature of the request is not valid.' });
      return receipts;
    },
  };
}

/** The keys of a source; null when one is missing. */
function secretsOf({ variables }: ReceiptSource, environment: Environment): ReceiptSecrets | null {
  const given = variables.map((name) => [name, environment[name] ?? ''] as const);
  return given.every(([, value]) => value !== '') ? Object.fromEntries(given) : null;
}

import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { jsonAnswer } from './json-answer';

/** What is used of the JSON file of a service account. */
const serviceAccount = z.object({
  project_id: z.string(),
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.url(),
});
export type ServiceAccount = z.infer<typeof serviceAccount>;

/**
 * Reads the JSON file of a service account.
 * @throws {Error} when it is not one; the message repeats nothing of it
 */
export function readServiceAccount(json: string): ServiceAccount {
  try {
    const account = serviceAccount.parse(JSON.parse(json));
    createPrivateKey(account.private_key);
    return account;
  } catch {
    throw new Error(
      'The service account is not the JSON file with project_id, client_email, private_key and token_uri that Firebase makes.',
    );
  }
}

/** Google refused an access token, or could not be asked. */
export class TokenError extends Error {}

const answer = z.object({ access_token: z.string(), expires_in: z.number() });
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** Life of the assertion, the longest that Google takes. Seconds. */
const ASSERTION_S = 3_600;
/** A token is replaced this long before it expires. Milliseconds. */
const SPARE_MS = 300_000;
const TIMEOUT_MS = 10_000;

interface AccessToken {
  readonly text: string;
  /** Real epoch milliseconds. */
  readonly usableUntil: number;
}

/**
 * Access tokens of a service account for FCM, by OAuth 2.0 with a signed assertion (RFC 7523;
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest). One request serves all that wait for it.
 */
export class GoogleToken {
  #token: Promise<AccessToken> | null = null;

  constructor(private readonly account: ServiceAccount) {}

  /**
   * Returns a token that is valid for minutes.
   * @throws {TokenError} when Google refuses or does not answer
   */
  async get(): Promise<string> {
    const current = (this.#token ??= this.#request());
    try {
      const { text, usableUntil } = await current;
      if (usableUntil > Date.now()) return text;
    } catch (error) {
      if (this.#token === current) this.#token = null;
      throw error;
    }
    if (this.#token === current) this.#token = null;
    return this.get();
  }

  /** Forgets the token, because FCM has refused it. */
  forget(): void {
    this.#token = null;
  }

  async #request(): Promise<AccessToken> {
    const askedAt = Date.now();
    const { client_email: email, private_key: key, private_key_id: kid, token_uri: uri } = this.account;
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) })
      .setIssuer(email)
      .setAudience(uri)
      .setIssuedAt(Math.floor(askedAt / 1_000))
      .setExpirationTime(Math.floor(askedAt / 1_000) + ASSERTION_S)
      .sign(createPrivateKey(key));
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    const response = await fetch(uri, {
      method: 'POST',
      body: new URLSearchParams(grant),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new TokenError(`can't get an access token: ${String(error)}`);
    });
    const text = await response.text().catch(() => '');
    if (!response.ok) throw new TokenError(`can't get an access token: ${response.status} ${text.slice(0, 500)}`);
    const read = jsonAnswer(answer, text);
    if (!read) throw new TokenError("can't get an access token: the answer has none");
    const { access_token: token, expires_in: seconds } = read;
    // A token for a shorter time than the spare one serves at least what waits for it.
    return { text: token, usableUntil: askedAt + Math.max(1_000, seconds * 1_000 - SPARE_MS) };
  }
}

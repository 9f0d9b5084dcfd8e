import type { Request } from 'express';
import type { Config } from '../config/config';
import { signSession } from '../config/tokens';

/** How long a person stays signed in, in real seconds: a working day. */
const SESSION_S = 8 * 3_600;

type SessionConfig = Pick<Config, 'adminKey' | 'secret' | 'publicUrl'>;

/**
 * The cookie of a session. Scripts cannot read it, and no request from another site carries it. Over https its prefix makes browsers
 * refuse it from anyone but this host (RFC 6265bis, section 4.1.3.2).
 */
function cookie({ publicUrl }: Pick<Config, 'publicUrl'>): { readonly name: string; readonly attributes: string } {
  const shared = 'Path=/; HttpOnly; SameSite=Strict';
  return publicUrl.startsWith('https:')
    ? { name: '__Host-sojourn', attributes: `${shared}; Secure` }
    : { name: 'sojourn', attributes: shared };
}

/** The header that starts a session. @param now real epoch milliseconds */
export async function startedSession(config: SessionConfig, now: number): Promise<Readonly<Record<string, string>>> {
  const { name, attributes } = cookie(config);
  const token = await signSession(config, SESSION_S * 1_000, now);
  return { 'Set-Cookie': `${name}=${token}; ${attributes}; Max-Age=${SESSION_S}` };
}

/** The header that ends a session. */
export function endedSession(config: SessionConfig): Readonly<Record<string, string>> {
  const { name, attributes } = cookie(config);
  return { 'Set-Cookie': `${name}=; ${attributes}; Max-Age=0` };
}

/** The token of the session that a request belongs to; empty when there is none. */
export function sessionIn({ headers }: Request, config: Pick<Config, 'publicUrl'>): string {
  const { name } = cookie(config);
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([given]) => given === name)?.[1] ?? '';
}

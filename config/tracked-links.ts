import { z } from 'zod';
import { signLink, verify } from './tokens';

const OPEN = 'open';
const CLICK = 'click';

const openClaims = z.object({ jti: z.uuid() });
const clickClaims = openClaims.extend({ url: z.url({ protocol: /^https?$/ }) });

/** What a link of a message identifies: the message, and where the link leads. It names no user. */
export interface ClickedLink {
  readonly messageId: string;
  readonly url: string;
}

/** Creates the token of the picture that tells that a message was opened. */
export function signOpen(secret: string, messageId: string): string {
  return signLink(secret, { jti: messageId, aud: OPEN });
}

/** Reads the token of a picture, which is the id of its message; null when the token is not valid. */
export async function verifyOpen(secret: string, token: string): Promise<string | null> {
  return (await verify(secret, token, OPEN, openClaims))?.jti ?? null;
}

/** Creates the token of a link that tells that it was clicked. */
export function signClick(secret: string, { messageId, url }: ClickedLink): string {
  return signLink(secret, { url, jti: messageId, aud: CLICK });
}

/** Reads the token of a link; null when the token is not valid. */
export async function verifyClick(secret: string, token: string): Promise<ClickedLink | null> {
  const claims = await verify(secret, token, CLICK, clickClaims);
  return claims && { messageId: claims.jti, url: claims.url };
}

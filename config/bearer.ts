/** The token of an `Authorization: Bearer` header; empty when there is none. */
export function bearerToken(authorization = ''): string {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

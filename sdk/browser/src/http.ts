/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  /** The address of the API. */
  readonly url: string;
  /** A user token, which the app's server gets from `POST /v1/users/{id}/token`. */
  readonly token: string;
  /** Gets a new token from the app's server, for the same user, when the present one has run out. */
  readonly refresh?: (() => Promise<string>) | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/** Requests in the name of one user. */
export interface Http {
  /** The id of the user; empty if the token doesn't say. */
  readonly user: string;
  /** Whether the app can give new tokens. */
  readonly renewable: boolean;
  /** Sends a request. After a 401 it gets a new token and sends it once more. @throws when no response arrives */
  request(path: string, init?: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }): Promise<Response>;
  /** Gets a new token. Returns whether there is one. */
  renew(): Promise<boolean>;
}

export function createHttp({ url, token, refresh, fetch: send = (to, init) => fetch(to, init) }: HttpOptions): Http {
  const user = subject(token);
  const base = url.replace(/\/+$/, '');
  let renewing: Promise<boolean> | undefined;
  const getToken = async (): Promise<boolean> => {
    const next = await refresh?.();
    // What this user did must not be sent in the name of another one.
    if (!next || subject(next) !== user) return false;
    token = next;
    return true;
  };
  const renew = (): Promise<boolean> =>
    (renewing ??= getToken()
      .catch(() => false)
      .finally(() => (renewing = undefined)));
  const request: Http['request'] = async (path, init = {}) => {
    const used = token;
    const attempt = (): Promise<Response> =>
      send(base + path, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${token}` },
        credentials: 'omit',
      });
    const response = await attempt();
    if (response.status !== 401) return response;
    return used !== token || (await renew()) ? attempt() : response;
  };
  return { user, renewable: !!refresh, request, renew };
}

/** The milliseconds that a response asks to wait; null if it asks for none. */
export function retryAfter({ headers }: Response): number | null {
  return Number(headers.get('Retry-After')) * 1_000 || null;
}

/** The user id in a token, which is a JSON Web Token (RFC 7519). Only told apart from others here, never trusted. */
function subject(token: string): string {
  try {
    const claims = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
    return (JSON.parse(claims) as { sub?: string }).sub ?? '';
  } catch {
    return '';
  }
}

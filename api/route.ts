import type { Request } from 'express';
import type { z } from 'zod';
import type { Access } from './auth';
import { pointerTo, type FieldError } from './pointer';
import { Problem } from './problem';

/** What a route answers with when all goes well. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON; text is sent as it is, with the `type`. */
  readonly body?: unknown;
  readonly type?: string;
}

/** One kind of answer, for the OpenAPI description. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly type?: string;
}

/** What the JSON of a body may be called. */
export type BodyType = 'application/json' | 'text/plain';

/** What the OpenAPI description says of a route. */
export interface Description {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI: `/v1/users/{id}`. */
  readonly path: string;
  /** Other addresses of the same route, which clients have built in. Only `path` is described, logged and counted. */
  readonly aliases?: readonly string[];
  /** The operation's id. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Answered however often anyone asks: it must cost next to nothing. */
  readonly unlimited?: boolean;
  /** What it answers is about nobody: browsers and proxies may keep it. */
  readonly cacheable?: boolean;
  /** Called by browsers from pages of other origins. */
  readonly browser?: boolean;
  /** Default `application/json`. */
  readonly bodyTypes?: readonly BodyType[];
}

/** A route: its description, the schemas that check what it is given, and what it does with it. */
export interface RouteDefinition<Caller, Params, Query, Body> extends Description {
  readonly access: Access<Caller>;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Describes the body where `body` checks less than all of it, because the route checks the rest item by item. */
  readonly documentedBody?: z.ZodType;
  readonly handle: (
    input: { readonly params: Params; readonly query: Query; readonly body: Body },
    caller: Caller,
  ) => Promise<Reply>;
}

/** A request that was let in. */
export interface Admitted {
  /** Who is limited together: the user of a token; otherwise all who bring the one key there is. */
  readonly caller: string;
  /** What to do once the body has been read. */
  readonly handle: (request: Request) => Promise<Reply>;
}

/** A route as the server mounts it. */
export interface Route extends Description {
  readonly access: Pick<Access<unknown>, 'name' | 'inBody'>;
  readonly schemas: {
    readonly params?: z.ZodType | undefined;
    readonly query?: z.ZodType | undefined;
    readonly body?: z.ZodType | undefined;
  };
  /** @throws {Problem} 401 */
  readonly admit: (request: Request) => Promise<Admitted>;
}

/** Makes a route of its definition. */
export function route<Caller, Params, Query, Body>(definition: RouteDefinition<Caller, Params, Query, Body>): Route {
  const { access, params, query, body, documentedBody, handle, ...description } = definition;
  return {
    ...description,
    access,
    schemas: { params, query, body: documentedBody ?? body },
    admit: async (request) => {
      const caller = await access.authenticate(request);
      const answer = async (read: Request): Promise<Reply> => {
        const errors: FieldError[] = [];
        const input = {
          params: parse(params, read.params, errors, nameOf),
          query: parse(query, read.query, errors, nameOf),
          body: parse(body, read.body, errors, (path) => pointerTo('', path)),
        };
        if (errors.length > 0) throw new Problem(422, { detail: 'The request is not valid.', errors });
        return handle(input as { params: Params; query: Query; body: Body }, caller);
      };
      return { caller: typeof caller === 'string' ? caller : access.name, handle: answer };
    },
  };
}

function parse(
  schema: z.ZodType | undefined,
  value: unknown,
  errors: FieldError[],
  pointer: (path: readonly PropertyKey[]) => string,
): unknown {
  if (!schema) return undefined;
  const { data, error } = schema.safeParse(value);
  for (const { path, message } of error?.issues ?? []) errors.push({ pointer: pointer(path), detail: message });
  return data;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

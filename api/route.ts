import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Access } from './auth';
import type { Counted } from './limits';
import { FieldErrors, pointerTo } from './pointer';
import { Problem } from './problem';

/** A successful response. */
export interface Reply<Body = unknown> {
  readonly status: number;
  /** Sent as JSON; text with a `type` is sent unchanged. */
  readonly body?: Body;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes over the response instead of a body. It is called when the status and the headers are sent. */
  readonly stream?: (response: Response) => void;
}

/** One possible response, for the OpenAPI description. */
export interface Answer {
  readonly description: string;
  /** The schema of a JSON body. */
  readonly schema?: z.ZodType;
  /** The type of a body without a schema. Several where the files of one route differ. */
  readonly type?: string | readonly string[];
  /** What the example of the request returns, for an answer with a schema. Tests compare it with what the server really returns. */
  readonly example?: unknown;
}

/** An example of a request. Tests send it. Parameters are given as the path and the query have them, before encoding. */
export interface RequestExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A value that may also be read-only, as handlers make them. */
type Sendable<Value> = Value extends readonly (infer Item)[]
  ? readonly Sendable<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Sendable<Value[Key]> }
    : Value;

/**
 * The bodies that a route may return: values of the schemas of its answers, and text or bytes of other types than JSON. Anything where
 * a route describes no answer, because it is no part of the API.
 */
export type BodyOf<Answers extends Readonly<Record<number, Answer>>> = [keyof Answers] extends [never]
  ? unknown
  : Sendable<SchemaOf<Answers[keyof Answers]>> | string | Uint8Array | undefined;

type SchemaOf<One> = One extends { readonly schema: infer Schema extends z.ZodType } ? z.output<Schema> : never;

/** A Content-Type that a JSON body may have. A body without one counts as `application/octet-stream` (RFC 9110, section 8.3). */
export type BodyType =
  'application/json' | 'text/plain' | 'application/x-www-form-urlencoded' | 'application/octet-stream';

/** What the OpenAPI description says about a route. */
export interface Description {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI: `/v1/users/{id}`. */
  readonly path: string;
  /** Other paths of the same route, for clients that have them built in. Only `path` is described, logged and counted. */
  readonly aliases?: readonly string[];
  /** The OpenAPI operation id. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Required where the request has parameters or a body. */
  readonly example?: RequestExample;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Whether the route has no rate limit. Such a route must cost next to nothing. */
  readonly unlimited?: boolean;
  /** Whether browsers and proxies may cache the response. It must contain no user data. */
  readonly cacheable?: boolean;
  /** Whether browsers call the route from pages of other origins. */
  readonly browser?: boolean;
  /** What another protocol says instead of a problem document; null where it says nothing. */
  readonly refusal?: (problem: Problem, params: Request['params']) => Reply | null;
  /** Default `application/json`. */
  readonly bodyTypes?: readonly BodyType[];
  /** Whether the body is a form of a page, not JSON. */
  readonly form?: boolean;
  /** Whether `request.body` is the bytes of a body of any type, which are signed. */
  readonly raw?: boolean;
}

/** A route: its description, the schemas that validate requests, and its handler. */
export interface RouteDefinition<
  Caller,
  Params,
  Query,
  Body,
  Headers,
  Answers extends Readonly<Record<number, Answer>>,
> extends Description {
  readonly answers: Answers;
  readonly access: Access<Caller>;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  /** Headers that the handler reads, by their names in lower case. */
  readonly headers?: z.ZodType<Headers>;
  readonly body?: z.ZodType<Body>;
  /** Describes the body where `body` validates only part of it and the handler validates the rest. */
  readonly documentedBody?: z.ZodType;
  readonly handle: (input: Input<Params, Query, Headers, Body>, caller: Caller) => Promise<Reply<BodyOf<Answers>>>;
}

/** What a handler gets of a request. */
export interface Input<Params = unknown, Query = unknown, Headers = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** Whether the client takes a response in a content encoding, such as `br`. */
  readonly takes: (encoding: string) => boolean;
  /** Which of some languages the browser's user likes best (RFC 9110, section 12.5.4); the first one if they like none. */
  readonly prefers: (languages: readonly [string, ...string[]]) => string;
}

/** An authenticated request. */
export interface Admitted {
  readonly counted: Counted;
  /** Validates and handles the request. Call it after the body has been read. */
  readonly handle: (request: Request) => Promise<Reply>;
}

/** A route as the server mounts it. */
export interface Route extends Description {
  readonly access: Pick<Access<unknown>, 'name' | 'inBody'>;
  readonly schemas: {
    readonly params?: z.ZodType | undefined;
    readonly query?: z.ZodType | undefined;
    readonly headers?: z.ZodType | undefined;
    readonly body?: z.ZodType | undefined;
  };
  /** Authenticates a request. @throws {Problem} 401 when the credentials are missing or wrong */
  readonly admit: (request: Request) => Promise<Admitted>;
}

/** Creates a route from its definition. */
export function route<Caller, Params, Query, Body, Headers, Answers extends Readonly<Record<number, Answer>>>(
  definition: RouteDefinition<Caller, Params, Query, Body, Headers, Answers>,
): Route {
  const { access, params, query, headers, body, documentedBody, handle, ...description } = definition;
  return {
    ...description,
    access,
    schemas: { params, query, headers, body: documentedBody ?? body },
    admit: async (request) => {
      const caller = await access.authenticate(request);
      const answer = async (read: Request): Promise<Reply> => {
        const errors = new FieldErrors();
        const input = {
          params: parse(params, read.params, errors, nameOf),
          query: parse(query, query && nested(read.query), errors, nameOf),
          headers: parse(headers, read.headers, errors, nameOf),
          body: parse(body, read.body, errors, (path) => pointerTo('', path)),
          takes: (encoding: string) => Boolean(read.acceptsEncodings(encoding)),
          prefers: (languages: readonly [string, ...string[]]) => read.acceptsLanguages(...languages) || languages[0],
        };
        if (errors.count > 0)
          throw new Problem(422, {
            detail: 'The request is not valid.',
            errors: errors.listed,
            errorCount: errors.count,
          });
        return handle(input as Input<Params, Query, Headers, Body>, caller);
      };
      return { counted: access.counted(caller), handle: answer };
    },
  };
}

function parse(
  schema: z.ZodType | undefined,
  value: unknown,
  errors: FieldErrors,
  pointer: (path: readonly PropertyKey[]) => string,
): unknown {
  if (!schema) return undefined;
  const { data, error } = schema.safeParse(value);
  for (const issue of error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) errors.add(() => pointer([...issue.path, key]), 'is not known here');
    else errors.add(() => pointer(issue.path), issue.message);
  }
  return data;
}

const BRACKETS = /^([^[\]]+)\[([^[\]]+)\]$/;

/** Collects parameters such as `trait[plan]` in objects: `deepObject` of OpenAPI. Any other stays as it is. */
function nested(query: Request['query']): object {
  const plain = new Map<string, unknown>();
  const groups = new Map<string, [string, unknown][]>();
  for (const [name, value] of Object.entries(query)) {
    const [, group, member] = BRACKETS.exec(name) ?? [];
    if (group === undefined || member === undefined) plain.set(name, value);
    else groups.set(group, [...(groups.get(group) ?? []), [member, value]]);
  }
  const objects = [...groups].map(([name, members]) => [name, Object.fromEntries(members)] as const);
  return Object.fromEntries([...objects, ...plain]);
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

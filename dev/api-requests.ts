import { inspect } from 'node:util';
import type { Operation } from '../api/openapi';
import { CALL_EXAMPLES } from '../api/examples/requests';

/** How curl proves who asks, by security scheme. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  writeKey: '-u "$WRITE_KEY:"',
  adminKey: '-H "Authorization: Bearer $ADMIN_KEY"',
  userToken: '-H "Authorization: Bearer $USER_TOKEN"',
};
/** The longest line, in characters. */
const WIDTH = 130;

/** The example of an operation as a command of curl. Keys and the address are variables of the shell. */
export function curl(method: string, path: string, { parameters, requestBody, security }: Operation): string {
  const given = (place: string): [string, string][] =>
    parameters.flatMap(({ name, in: where, example }) =>
      where === place && example !== undefined
        ? [[name, typeof example === 'string' ? example : JSON.stringify(example)]]
        : [],
    );
  const address = given('path').reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  const query = new URLSearchParams(given('query')).toString();
  const [scheme = ''] = security.flatMap((one) => Object.keys(one));
  const body = requestBody?.content['application/json']?.example;
  const hasBody = body !== undefined;
  const isUsual = method === (hasBody ? 'post' : 'get');
  const parts = [
    `curl ${isUsual ? '' : `-X ${method.toUpperCase()} `}"$SOJOURN${address}${query && '?'}${query}"`,
    ...(CREDENTIALS[scheme] === undefined ? [] : [CREDENTIALS[scheme]]),
    ...(hasBody ? [`-H 'Content-Type: application/json'`, `-d '${json(body).replaceAll(`'`, `'\\''`)}'`] : []),
  ];
  const line = parts.join(' ');
  return line.length <= WIDTH ? line : parts.join(' \\\n  ');
}

/** The same request by Segment's client, for the operations that it has; null for the others. */
export function segmentCall({ operationId, requestBody }: Operation): string | null {
  const body = requestBody?.content['application/json']?.example;
  if (!Object.hasOwn(CALL_EXAMPLES, operationId) || body === undefined) return null;
  return `analytics.${operationId}(${inspect(body, { depth: null, breakLength: WIDTH, compact: 5 })})`;
}

/** JSON whose lists and objects stand on one line where they fit. */
export function json(value: unknown, indent = ''): string {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const short = onOneLine(value);
  if (entries.length === 0 || indent.length + short.length <= WIDTH) return short;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = entries.map(([name, one]) => `${deeper}${isList ? '' : `"${name}": `}${json(one, deeper)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => `"${name}": ${onOneLine(one)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

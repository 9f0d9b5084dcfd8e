import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { resolved, type OpenApi } from '../../api/openapi';
import type { OpenApiResponse } from '../../api/openapi-responses';

const PROBLEM_TYPE = 'application/problem+json';
const PROBLEM = '#/components/schemas/Problem';
const SOME_PROBLEM: OpenApiResponse = { description: '', content: { [PROBLEM_TYPE]: { schema: {} } } };

/**
 * Checks that every response is as the OpenAPI document describes it: its status, its type, and its body with all members and no others.
 */
export class DocumentedAnswers {
  /** What was not as described, each once. */
  readonly violations: string[] = [];
  /** What was answered, as `<operation id> <status>`. */
  readonly answered = new Set<string>();
  private readonly ajv = new Ajv({ strict: false, allErrors: true });

  constructor(private readonly document: OpenApi) {
    addFormats(this.ajv);
    this.ajv.addSchema(document, 'api');
  }

  /** The same listener, whose responses are checked before they are sent. */
  watch(listener: RequestListener): RequestListener {
    return (request, response) => {
      const chunks: Buffer[] = [];
      const keep = (chunk: unknown): void => {
        if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      };
      let checked = false;
      const check = (): void => {
        if (!checked) this.check(request, response, Buffer.concat(chunks).toString('utf8'));
        checked = true;
      };
      const write = response.write.bind(response) as (...given: unknown[]) => boolean;
      const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
      response.write = (...given: unknown[]) => {
        keep(given[0]);
        return write(...given);
      };
      response.end = (...given: unknown[]) => {
        keep(given[0]);
        check();
        return end(...given);
      };
      // A stream never ends by itself.
      response.once('close', () => response.headersSent && check());
      listener(request, response);
    };
  }

  private check(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { route } = (response as ServerResponse & { locals?: { route?: string } }).locals ?? {};
    const method = request.method === 'HEAD' ? 'get' : String(request.method).toLowerCase();
    const operation = route === undefined ? undefined : this.document.paths[route]?.[method];
    const { statusCode: status } = response;
    // No operation describes other methods and paths, which get a problem, and pages that are no part of the API.
    if (!operation && (status < 400 || this.isPage(route, response))) return;
    const name = operation?.operationId ?? `${method} of no operation`;
    if (operation) this.answered.add(`${name} ${status}`);
    const place = `#/paths/${[String(route), method, 'responses', String(status)].map(pointer).join('/')}`;
    const documented = operation ? operation.responses[status] : SOME_PROBLEM;
    const described = documented && resolved(this.document, documented);
    for (const mistake of this.mistakes(described, place, response, body)) {
      const text = `${name} ${status}: ${mistake}`;
      if (!this.violations.includes(text)) this.violations.push(text);
    }
  }

  /** Whether a route that the description does not have answers with a page for people. Any other error on it is a problem, too. */
  private isPage(route: string | undefined, response: ServerResponse): boolean {
    return route !== undefined && !Object.hasOwn(this.document.paths, route) && typeOf(response) === 'text/html';
  }

  private mistakes(
    documented: OpenApiResponse | undefined,
    place: string,
    response: ServerResponse,
    body: string,
  ): string[] {
    if (!documented) return [`the status is not documented; the body is ${body.slice(0, 300)}`];
    const { content } = documented;
    if (!content) return body === '' ? [] : [`no body is documented, and there is ${body.slice(0, 300)}`];
    const type = typeOf(response);
    if (!Object.hasOwn(content, type)) return [`'${type}' is not documented, but ${Object.keys(content).join()} is`];
    // A response to HEAD has no body. What is compressed is a file.
    if (!type.endsWith('json') || body === '' || response.hasHeader('content-encoding')) return [];
    const schema = type === PROBLEM_TYPE ? PROBLEM : `${place}/content/${pointer(type)}/schema`;
    const validate = this.ajv.getSchema(`api${schema}`);
    if (!validate) return [`there is no schema ${schema}`];
    if (validate(JSON.parse(body))) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function typeOf(response: ServerResponse): string {
  return String(response.getHeader('content-type') ?? '').replace(/;.*/, '');
}

/** Escapes a part of a JSON Pointer in a URI fragment. */
function pointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

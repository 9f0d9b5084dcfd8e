import type { Express, Request, Response } from 'express';
import { httpDuration } from '../config/metrics';
import { bodyReader } from './body';
import { allowAnyOrigin, answerPreflight } from './cors';
import { rateLimits, type Limits } from './limits';
import { Problem } from './problem';
import { problemOf } from './problem-of';
import { markStreamed, statusOf } from './request-log';
import type { Reply, Route } from './route';

/** Registers the routes. Other methods on their paths get 405. */
export function mount(app: Express, routes: readonly Route[], limits: Limits): void {
  const count = rateLimits(limits);
  for (const route of routes) {
    const readBody = bodyReader(route);
    const { inBody } = route.access;

    const admit = async (request: Request, response: Response): ReturnType<Route['admit']> => {
      try {
        return await route.admit(request);
      } catch (error) {
        // An outage while the credentials are checked says nothing about them.
        if (error instanceof Problem && error.status === 401)
          await count(request, response, { limit: 'refused', user: null });
        throw error;
      }
    };

    app[route.method](addresses(route), async (request, response) => {
      const answered = observe(route.path, request, response);
      if (route.browser) allowAnyOrigin(response);
      // This covers errors too: a browser could cache a 404, and show it after the resource exists.
      if (!route.cacheable) response.set('Cache-Control', 'no-store');
      const bodyFirst = inBody === 'signed' || (inBody && request.headers.authorization === undefined);
      if (bodyFirst) await readBody(request, response);
      const { counted, handle } = await admit(request, response);
      if (!route.unlimited) await count(request, response, counted);
      let reply: Reply;
      try {
        if (!bodyFirst) await readBody(request, response);
        reply = await handle(request);
      } catch (error) {
        const refusal = route.refusal?.(problemOf(error), request.params);
        if (!refusal) throw error;
        reply = refusal;
      }
      send(response, reply);
      if (!reply.stream) return;
      // How long a stream is open says nothing about how fast it was answered.
      answered(reply.status);
      startStream(request, response, reply.stream);
    });
  }
  for (const path of new Set(routes.map((route) => route.path)))
    mountOtherMethods(
      app,
      path,
      routes.filter((route) => route.path === path),
    );
}

/** Handles what remains on a path: preflight requests, and methods without a route. */
function mountOtherMethods(app: Express, path: string, routes: readonly Route[]): void {
  const methods = routes.map(({ method }) => method.toUpperCase());
  app.all([...new Set(routes.flatMap(addresses))], (request, response) => {
    observe(path, request, response);
    if (request.method === 'OPTIONS' && routes.some(({ browser }) => browser)) {
      answerPreflight(request, response, methods);
      return;
    }
    throw new Problem(405, {
      detail: `This path only supports ${methods.join(', ')}.`,
      headers: { Allow: methods.join(', ') },
    });
  });
}

/** All paths of a route, in the syntax of Express. */
function addresses({ path, aliases = [] }: Route): string[] {
  return [path, ...aliases].map((address) => address.replace(/\{(\w+)\}/g, ':$1'));
}

/**
 * Measures the duration of the request once, labelled with the pattern of its route.
 * @returns ends the measurement, unless the response is closed already
 */
function observe(route: string, request: Request, response: Response): (status: number) => void {
  response.locals['route'] = route;
  const stop = httpDuration.startTimer({ method: request.method, route });
  let measured = false;
  const end = (status: number): void => {
    if (!measured) stop({ status });
    measured = true;
  };
  response.once('close', () => end(statusOf(response)));
  return end;
}

function send(response: Response, { status, body, type, headers = {}, stream }: Reply): void {
  response.status(status).set(headers);
  if (stream) response.type(type ?? '').flushHeaders();
  else if (body === undefined) response.end();
  else if (type === undefined) response.json(body);
  else response.type(type).send(body);
}

function startStream(request: Request, response: Response, stream: NonNullable<Reply['stream']>): void {
  markStreamed(response);
  // Express answers HEAD as GET, without the body.
  if (request.method === 'HEAD') response.end();
  else stream(response);
}

import { types } from 'node:util';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { isAlias } from '../store/aliases';
import { gates, type Gates } from './auth';
import type { ApiDeps } from './deps';
import { DEFAULT_LIMITS } from './limits';
import { mount } from './mount';
import { openApi } from './openapi';
import { Problem, problemBody, problemHeaders } from './problem';
import { problemOf } from './problem-of';
import { requestIdOf, requestLog } from './request-log';
import type { Route } from './route';
import { answerLinkRoutes } from './routes/answer-links';
import { byHandRoutes } from './routes/by-hand';
import { chatRoutes } from './routes/chats';
import { consentRoutes } from './routes/consent';
import { conversationRoutes } from './routes/conversations';
import { definitionRoutes } from './routes/definitions';
import { documentationRoutes } from './routes/documentation';
import { enterManyRoutes } from './routes/enter-many';
import { evaluationRoutes } from './routes/evaluation';
import { flagRoutes } from './routes/flags';
import { inAppEventRoutes } from './routes/in-app-events';
import { inboxRoutes } from './routes/inbox';
import { galleryRoutes } from './routes/gallery';
import { ingestRoutes } from './routes/ingest';
import { journeyRoutes } from './routes/journeys';
import { operationRoutes } from './routes/operations';
import { previewRoutes } from './routes/preview';
import { publishingRoutes } from './routes/publishing';
import { pushRoutes } from './routes/push';
import { receiptRoutes } from './routes/receipts';
import { sdkRoutes } from './routes/sdk';
import { streamRoutes } from './routes/stream';
import { leadBrowserToPage, timelinePageRoutes } from './routes/timeline-page';
import { timelineRoutes } from './routes/timeline';
import { userListRoutes } from './routes/user-list';
import { userRoutes } from './routes/users';

export type { ApiDeps, Waker } from './deps';

const gatesOf = ({ config, clock, database }: ApiDeps): Gates =>
  gates(config, clock, (userId) => isAlias(database.pool, userId));

/** All routes of the API. The server and the OpenAPI description are both built from this table. */
export function apiRoutes(deps: ApiDeps): Route[] {
  const open = gatesOf(deps);
  const routes: Route[] = [
    ...ingestRoutes(deps, open),
    ...userListRoutes(deps, open),
    ...userRoutes(deps, open),
    ...timelineRoutes(deps, open),
    ...journeyRoutes(deps, open),
    ...definitionRoutes(deps, open),
    ...publishingRoutes(deps, open),
    ...previewRoutes(deps, open),
    ...byHandRoutes(deps, open),
    ...enterManyRoutes(deps, open),
    ...consentRoutes(deps, open),
    ...pushRoutes(deps, open),
    ...inboxRoutes(deps, open),
    ...answerLinkRoutes(deps, open),
    ...inAppEventRoutes(deps, open),
    ...streamRoutes(deps, open),
    ...chatRoutes(deps, open),
    ...conversationRoutes(deps, open),
    ...flagRoutes(deps, open),
    ...evaluationRoutes(deps, open),
    ...receiptRoutes(deps),
    ...sdkRoutes(deps, open),
    ...galleryRoutes(deps, open),
    ...operationRoutes(deps, open),
    ...documentationRoutes(() => openApi(routes, deps.config.publicUrl), open),
  ];
  return routes;
}

/** Pages for the staff, which are no part of the API, and which its description does not have. */
const staffRoutes = (deps: ApiDeps): Route[] => timelinePageRoutes(deps, gatesOf(deps));

/** Creates the Express application. The caller binds it to a port. */
export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', deps.config.trustedProxies);
  app.use(requestLog(deps.log));
  // In development the HTML pages are served over plain http.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  // A link in an email may lead to the bare address, so it redirects to the documentation.
  app.get('/', (_request, response) => response.redirect('/docs'));
  // Links of former releases in the Temporal UI lead to the API, which has no answer for a browser without a key.
  app.get('/v1/users/:id/timeline', leadBrowserToPage);
  const extra = deps.extraRoutes?.(deps, gatesOf(deps)) ?? [];
  mount(app, [...apiRoutes(deps), ...staffRoutes(deps), ...extra], deps.limits ?? DEFAULT_LIMITS);
  app.use(() => {
    throw new Problem(404, { detail: 'There is no route at this path.' });
  });
  app.use(answerWithProblem);
  return app;
}

const answerWithProblem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const problem = problemOf(error);
  if (problem.status >= 500 && types.isNativeError(error)) response.err = error;
  response.status(problem.status).set(problemHeaders(problem));
  response.type('application/problem+json').send(JSON.stringify(problemBody(problem, requestIdOf(response))));
};

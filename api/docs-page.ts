import { escapeHtml, htmlPage } from './html';
import { resolved, type OpenApi, type Operation } from './openapi';
import type { OpenApiResponse } from './openapi-responses';

/** The API description as an HTML page, without scripts or external resources. */
export function docsPage(document: OpenApi): string {
  const { info, paths } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2>${escapeHtml(tag)}</h2>\n${own.map(({ method, path, operation }) => section(document, method, path, operation)).join('\n')}`;
  });
  const intro = `<h1>${escapeHtml(info.title)} API</h1>
<p>${escapeHtml(info.description)}</p>
<p>Version ${escapeHtml(info.version)}. For programs: <a href="v1/openapi.json">OpenAPI 3.1</a>.</p>`;
  return htmlPage(`${info.title} API`, [intro, ...sections].join('\n'));
}

function section(
  document: OpenApi,
  method: string,
  path: string,
  { operationId, summary, description, security, parameters, requestBody, responses }: Operation,
): string {
  const access = security.flatMap((scheme) => Object.keys(scheme)).join(', ') || 'none';
  const [body] = Object.values(requestBody?.content ?? {});
  return `<details id="${escapeHtml(operationId)}">
<summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> ${escapeHtml(summary)}</summary>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>\n`}<p>Access: ${escapeHtml(access)}</p>
${parameters.length === 0 ? '' : `<h4>Parameters</h4>\n<ul>${parameters.map(parameter).join('')}</ul>`}
${body ? `<h4>Body</h4>\n${schema(body.schema)}` : ''}
<h4>Responses</h4>
${Object.entries(responses)
  .map(([status, answer]) => response(status, resolved(document, answer)))
  .join('\n')}
</details>`;
}

function parameter({ name, in: place, required, schema: { ...rules } }: Operation['parameters'][number]): string {
  return `<li><code>${escapeHtml(name)}</code> (${place}${required ? ', required' : ''}) <code>${escapeHtml(JSON.stringify(rules))}</code></li>`;
}

function response(status: string, { description, content = {} }: OpenApiResponse): string {
  const [type, body] = Object.entries(content)[0] ?? [];
  const shown = body && type === 'application/json' ? `\n${schema(body.schema)}` : '';
  return `<p><code>${escapeHtml(status)}</code> ${escapeHtml(description)}</p>${shown}`;
}

function schema(value: object): string {
  return `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

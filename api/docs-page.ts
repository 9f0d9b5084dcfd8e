import { escapeHtml, type Page } from './html';
import type { OpenApi, Operation } from './openapi';

/** The API description as a page. */
export function docsPage({ info, paths }: OpenApi): Page {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2>${escapeHtml(tag)}</h2>\n${own.map(({ method, path, operation }) => section(method, path, operation)).join('\n')}`;
  });
  const intro = `<h1>${escapeHtml(info.title)} API</h1>
<p>${escapeHtml(info.description)}</p>
<p>Version ${escapeHtml(info.version)}. For programs: <a href="v1/openapi.json">OpenAPI 3.1</a>.</p>`;
  return { title: `${info.title} API`, body: [intro, ...sections].join('\n') };
}

function section(
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
  .map(([status, answer]) => response(status, answer))
  .join('\n')}
</details>`;
}

function parameter({ name, in: place, required, schema: { ...rules } }: Operation['parameters'][number]): string {
  return `<li><code>${escapeHtml(name)}</code> (${place}${required ? ', required' : ''}) <code>${escapeHtml(JSON.stringify(rules))}</code></li>`;
}

function response(status: string, { description, content = {} }: Operation['responses'][string]): string {
  const [type, body] = Object.entries(content)[0] ?? [];
  const shown = body && type === 'application/json' ? `\n${schema(body.schema)}` : '';
  return `<p><code>${escapeHtml(status)}</code> ${escapeHtml(description)}</p>${shown}`;
}

function schema(value: object): string {
  return `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

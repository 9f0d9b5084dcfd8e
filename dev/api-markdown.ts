import type { OpenApi, Operation } from '../api/openapi';

/** Renders the OpenAPI description as Markdown, for docs/api.md. */
export function apiMarkdown({ info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return [`## ${tag}`, ...own.map(({ title, operation }) => section(title, operation))].join('\n\n');
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) => details(name, schema));
  const intro = `# API\n\n${info.description}\n\nMade by \`npm run docs\` from the schemas that check the requests; the same as a page at \`/docs\`, for programs at \`/v1/openapi.json\`.`;
  return `${[intro, ...sections, '## Schemas', ...schemas].join('\n\n')}\n`;
}

function section(
  title: string,
  { summary, description, security, parameters, requestBody, responses }: Operation,
): string {
  const access = security.flatMap((scheme) => Object.keys(scheme)).join(', ') || 'none';
  const [body] = Object.values(requestBody?.content ?? {});
  const parts = [
    `### \`${title}\``,
    explained(summary, description),
    `Access: ${access}`,
    ...(parameters.length > 0 ? [parameters.map(parameter).join('\n')] : []),
    ...(body ? [details('Body', body.schema)] : []),
    Object.entries(responses)
      .map(([status, { description: meaning }]) => `- **${status}** ${meaning}`)
      .join('\n'),
  ];
  return parts.join('\n\n');
}

/** Joins summary and description. A description in parentheses continues the summary; any other starts a new sentence. */
function explained(summary: string, description = ''): string {
  if (description === '') return summary;
  return `${summary}${description.startsWith('(') ? '' : '.'} ${description}`;
}

function parameter({ name, in: place, required, schema }: Operation['parameters'][number]): string {
  return `- \`${name}\` (${place}${required ? ', required' : ''}): \`${JSON.stringify(schema)}\``;
}

function details(title: string, schema: object): string {
  return `<details><summary>${title}</summary>\n\n\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\`\n\n</details>`;
}

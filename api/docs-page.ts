import { CUSTOM_PROPERTIES } from '../look/custom-properties';
import { ICON } from '../look/sign';
import { escapeHtml } from './html';
import type { OpenApi } from './openapi';

/**
 * Everything comes from this server, and requests go nowhere else. Swagger UI has its icons as `data:` addresses. Its markup is made by
 * React, which sets styles one by one, so that no inline style has to be allowed.
 */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** The API reference: a page that Swagger UI fills from the OpenAPI document. Its addresses are relative, for servers below a path. */
export function docsPage({ info }: OpenApi): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(info.title)} API</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
<script src="docs/swagger-ui-bundle.js" defer></script>
<script src="docs/page.js" defer></script>
</head>
<body>
<noscript><p>The reference needs JavaScript. The same description is at <a href="v1/openapi.json">v1/openapi.json</a>.</p></noscript>
<main id="reference"></main>
</body>
</html>
`;
}

/**
 * Starts Swagger UI. Requests go to the server that the page came from, whatever address the document names, because the policy of the
 * page allows no other. Keys are not kept: they are gone when the page is.
 */
export const DOCS_SCRIPT = `const dark = matchMedia('(prefers-color-scheme: dark)');
const followTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followTheme);
followTheme();

const root = new URL('..', document.currentScript.src).href;
fetch(root + 'v1/openapi.json')
  .then((response) => response.json())
  .then((document) =>
    SwaggerUIBundle({
      spec: { ...document, servers: [{ url: root.replace(/\\/$/, '') }] },
      dom_id: '#reference',
      deepLinking: true,
      filter: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
      defaultModelExpandDepth: 3,
      validatorUrl: null,
      persistAuthorization: false,
    }),
  );
`;

/** The type and the colours of the house instead of those of Swagger UI, and the width of a table. */
export const DOCS_STYLE = `${CUSTOM_PROPERTIES}
body { margin: 0; background: var(--sojourn-bg); }
noscript p { margin: 24px; color: var(--sojourn-text); font: 16px/1.45 var(--sojourn-font); }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag, .swagger-ui .opblock .opblock-summary-description,
.swagger-ui .btn, .swagger-ui label, .swagger-ui select, .swagger-ui table thead tr td, .swagger-ui table thead tr th,
.swagger-ui .parameter__name, .swagger-ui .response-col_status, .swagger-ui .opblock .opblock-section-header h4 {
  font-family: var(--sojourn-font);
}
.swagger-ui .wrapper { max-width: 1200px; padding: 0 16px; }
.swagger-ui .info { margin: 32px 0; }
.swagger-ui .scheme-container { box-shadow: none; padding: 16px 0; }
.swagger-ui :focus-visible { outline: 2px solid var(--sojourn-accent); outline-offset: 2px; }
`;

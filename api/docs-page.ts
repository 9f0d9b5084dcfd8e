import { escapeHtml } from './html';
import type { OpenApi } from './openapi';

/**
 * Everything comes from this server, and requests go nowhere else. Swagger UI has its icons as `data:` addresses. Its markup is made by
 * React, which sets styles one by one, so that no inline style has to be allowed.
 */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** Four dots on a path. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="#2450d6"><path d="M2 16 7 9l5 4 6-9" fill="none" stroke="#2450d6" stroke-width="1.5"/><circle cx="2.5" cy="16" r="2"/><circle cx="7" cy="9" r="2"/><circle cx="12" cy="13" r="2"/><circle cx="17.5" cy="4.5" r="2"/></svg>',
)}`;

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

/** The type of the house instead of that of Swagger UI, and the width of a table. */
export const DOCS_STYLE = `:root { color-scheme: light dark; }
body { margin: 0; background: #fff; }
html.dark-mode body { background: #12151b; }
noscript p { margin: 24px; font: 16px/1.45 system-ui, sans-serif; }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag, .swagger-ui .opblock .opblock-summary-description,
.swagger-ui .btn, .swagger-ui label, .swagger-ui select, .swagger-ui table thead tr td, .swagger-ui table thead tr th,
.swagger-ui .parameter__name, .swagger-ui .response-col_status, .swagger-ui .opblock .opblock-section-header h4 {
  font-family: system-ui, sans-serif;
}
.swagger-ui .wrapper { max-width: 1200px; padding: 0 16px; }
.swagger-ui .info { margin: 32px 0; }
.swagger-ui .scheme-container { box-shadow: none; padding: 16px 0; }
.swagger-ui :focus-visible { outline: 2px solid #2450d6; outline-offset: 2px; }
html.dark-mode .swagger-ui :focus-visible { outline-color: #8fabff; }
`;

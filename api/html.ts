const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML content and attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Renders an HTML page that is readable on a phone and has no scripts or external resources.
 * @param body trusted HTML
 * @param style additional CSS
 * @param language the language of the page, as a tag
 */
export function htmlPage(title: string, body: string, style = '', language = 'en'): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.875rem/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; background: rgb(128 128 128 / 12%); }
button { font: inherit; padding: 0.5rem 1.25rem; }
summary { cursor: pointer; padding: 0.25rem 0; }${style}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

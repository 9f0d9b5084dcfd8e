import { colours, measures } from './tokens.json';

/**
 * The tokens as CSS custom properties of the page, `--sojourn-<name>`. Dark or light follows the system. A page that forces one of them,
 * as the SDK does inside an app, needs `light-dark()` instead, which older browsers do not have.
 */
export const CUSTOM_PROPERTIES = `:root{color-scheme:light dark;${declarations(0)}${Object.entries(measures)
  .map(([name, value]) => declaration(name, value))
  .join('')}}
@media (prefers-color-scheme:dark){:root{${declarations(1)}}}
`;

/**
 * The colours of one theme, as declarations of the custom properties.
 * @param theme 0 for light, 1 for dark
 */
export function declarations(theme: 0 | 1): string {
  return Object.entries(colours)
    .map(([name, values]) => declaration(name, values[theme] ?? ''))
    .join('');
}

function declaration(name: string, value: string): string {
  return `--sojourn-${name}:${value};`;
}

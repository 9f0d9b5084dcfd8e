import { colours, measures } from '../../../../look/tokens.json';

/** A browser that has no `light-dark()` shows light. */
const both = CSS.supports('color', 'light-dark(red,red)');

/** What only the SDK needs: the room that the app keeps free at its lower edge, and the layer that messages lie on. */
const OWN = { offset: '0px', layer: '2147483000' };

/** A private `--_name` for a token: the app's `--sojourn-name` if it has one, else our own. */
const token = ([name, value]: readonly [string, string]): string => `--_${name}:var(--sojourn-${name},${value});`;

/**
 * Sets a private `--_name` for each token. A style sheet that set `--sojourn-name` itself would hide what the app has set. Which of light
 * and dark holds follows the `color-scheme` of the page.
 */
export const TOKENS = `:host{${[
  ...Object.entries(colours).map(([name, [light, dark]]) =>
    token([name, both ? `light-dark(${light},${dark})` : light]),
  ),
  ...Object.entries({ ...measures, ...OWN }).map(token),
].join('')}}`;

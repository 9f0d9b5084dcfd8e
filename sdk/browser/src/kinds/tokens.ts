/**
 * The colours of everything that the SDK shows: the name, in light, in dark. Every pair of text and ground has a contrast of at least 4.5, of
 * controls 3. `tint` is the ground of a chosen row.
 */
const COLOURS = `
bg #fff #12151b
surface #f6f7f9 #1b2029
text #14181f #eef1f6
muted #5a6473 #a3adbb
border #828c9b #6b7686
hairline #e1e5ea #2d3541
accent #2450d6 #8fabff
on-accent #fff #0d1424
tint #e4eafb #26324f
good #0b7a4b #5fd39b
bad #b3261e #ff8a80
shadow #0a142829 #0000
edge #0000 #2d3541`;

/** The rest of the tokens. An app overrides these as it does the colours. */
const MEASURES = `
font system-ui,sans-serif
radius 12px
radius-control 6px
offset 0px
layer 2147483000`;

/** A browser that has no `light-dark()` shows light. */
const colour = CSS.supports('color', 'light-dark(red,red)') ? 'light-dark($2,$3)' : '$2';

/**
 * Sets a private `--_name` for each token: the app's `--sojourn-name` if it has one, else our own. A style sheet that set `--sojourn-name` itself
 * would hide what the app has set. Which of light and dark holds follows the `color-scheme` of the page.
 */
export const TOKENS = `:host{${
  COLOURS.replace(/(.+) (.+) (.+)/g, `--_$1:var(--sojourn-$1,${colour});`) +
  MEASURES.replace(/(.+) (.+)/g, '--_$1:var(--sojourn-$1,$2);')
}}`;

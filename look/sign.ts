/** The sign of Sojourn: four dots on a path, in the colour of the text around it. It is decoration: the name stands beside it. */
export const SIGN =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 16" width="44" height="16" fill="currentColor" aria-hidden="true"><path d="M4 12C12 2 18 14 26 6s8 2 14-2" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="4" cy="12" r="3"/><circle cx="17" cy="10" r="3"/><circle cx="28" cy="5" r="3"/><circle cx="40" cy="4" r="3"/></svg>';

/** The sign as an icon: a picture in SVG. */
export const ICON_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44"><path d="M4 32C12 14 18 34 26 20s8 4 14-8" fill="none" stroke="#2450d6" stroke-width="2"/><g fill="#2450d6"><circle cx="5" cy="30" r="4"/><circle cx="17" cy="28" r="4"/><circle cx="28" cy="18" r="4"/><circle cx="39" cy="13" r="4"/></g></svg>';

/** The icon as the address of a page's icon: the address is the picture itself. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(ICON_SVG)}`;

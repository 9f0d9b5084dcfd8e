/** How many soft bounces in a row mean that an address takes no mail, and within which time, milliseconds of the journey clock. */
export const SOFT_BOUNCES = { count: 3, withinMs: 14 * 86_400_000 } as const;

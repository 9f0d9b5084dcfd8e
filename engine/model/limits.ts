/*
 * How much is kept about one user. The limits are far above what people have, and stop what a program sends in a loop.
 */

/** The most bytes of a user's traits, as JSON text. */
export const MAX_TRAITS_BYTES = 128 * 1024;

/** The most badges of a user. */
export const MAX_BADGES = 1_000;

/** The most flags of a user. */
export const MAX_FLAGS = 1_000;

/** The most events that one step collects. They are part of the journal. */
export const MAX_COLLECTED = 100;

/** The most bytes of the properties of an event that a journey tracks, as JSON text. */
export const MAX_TRACKED_BYTES = 32 * 1024;

/** The most users for whom one step tracks an event. */
export const MAX_TRACKED_FOR = 100;

/** The most runs that journeys start for a user at one instant, over all journeys. */
export const MAX_STARTS = 100;

/** The most events that lead to one another only by journeys that track them. What a person does starts the count anew. */
export const MAX_HOPS = 16;

/** How old an event may be that lets a user enter, by default. Milliseconds: 72 hours. */
export const FRESHNESS_MS = 259_200_000;

/** The most runs of a journey that a user has open, by default: far more orders, trips or tickets than a person has under way. */
export const MAX_OPEN_RUNS = 100;

/** The most that this bound may be. All open runs of a user are loaded and decided together. */
export const MOST_OPEN_RUNS = 10_000;

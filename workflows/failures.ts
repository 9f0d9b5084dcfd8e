/** Type of the failure by which a worker leaves a user to workers of a newer release. */
export const NEWER_RELEASE = 'NewerRelease';

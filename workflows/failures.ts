/** Failure type with which a worker refuses a user whose state a newer release has written. */
export const NEWER_RELEASE = 'NewerRelease';

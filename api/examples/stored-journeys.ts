import { JOURNEY_EXAMPLE } from './requests';

/** A stored journey that was never published. */
export const DRAFT = {
  id: 'first-steps',
  status: 'draft',
  version: null,
  draft: true,
  revision: 'fad7cad4f5781960189714473fd940a8',
  problems: [],
};

/** The same after it was published. */
export const PUBLISHED = {
  ...DRAFT,
  status: 'active',
  version: 1,
  draft: false,
  revision: 'e03e4942c631c93c9cb0495f5200e731',
};

/** Its versions. */
export const VERSIONS = [
  {
    version: 1,
    finish: false,
    author: 'grace',
    note: 'The first version',
    publishedAt: '2026-01-05T09:30:00.000Z',
    definition: JOURNEY_EXAMPLE,
  },
];

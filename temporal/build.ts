import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/**
 * The build id that workers report. It is the same for every release, because any worker may run any lifecycle. The SDK's default, a hash
 * of the code, would cost one record of each running workflow after each deployment.
 */
export const BUILD_ID = 'sojourn';

/**
 * What the server itself sets after the first task of a worker without versioning. If it is set at the start, the server has nothing to
 * change, and writes one record less for its lists.
 */
export const BUILD_IDS: SearchAttributePair = {
  key: defineSearchAttributeKey('BuildIds', 'KEYWORD_LIST'),
  value: ['unversioned', `unversioned:${BUILD_ID}`],
};

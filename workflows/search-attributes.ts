import { defineSearchAttributeKey } from '@temporalio/common';

/** The user's stage. Filter in the UI's list: `Stage = "dormant"`. */
export const STAGE = defineSearchAttributeKey('Stage', 'KEYWORD');

/** The journeys that the user is in. Filter in the UI's list: `Journeys = "onboarding"`. */
export const JOURNEYS = defineSearchAttributeKey('Journeys', 'KEYWORD_LIST');

/** Maximum characters of a list. The server refuses a value of 2 KB, and with it all other commands of the workflow task. */
const LONGEST_LIST = 1_500;

/** Returns the first journeys that fit into a search attribute. Ids are ASCII; each adds two quotes and a comma. */
export function searchableJourneys(ids: readonly string[]): string[] {
  let length = 0;
  return ids.filter((id) => (length += id.length + 3) <= LONGEST_LIST);
}

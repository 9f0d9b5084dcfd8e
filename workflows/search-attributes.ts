import { defineSearchAttributeKey } from '@temporalio/common';

/** The user's stage: `Stage = "dormant"` in the list of the UI. */
export const STAGE = defineSearchAttributeKey('Stage', 'KEYWORD');

/** The journeys the user is in: `Journeys = "onboarding"`. */
export const JOURNEYS = defineSearchAttributeKey('Journeys', 'KEYWORD_LIST');

/** Characters of a list at most: the server refuses a value of 2 KB, and with it everything else the workflow said. */
const LONGEST_LIST = 1_500;

/** As many of these journeys as a search attribute holds: ids of ASCII characters, each with quotes and a comma. */
export function searchableJourneys(ids: readonly string[]): string[] {
  let length = 0;
  return ids.filter((id) => (length += id.length + 3) <= LONGEST_LIST);
}

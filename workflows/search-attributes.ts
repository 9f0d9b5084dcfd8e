import { defineSearchAttributeKey } from '@temporalio/common';

/** The user's stage: `Stage = "dormant"` in the list of the UI. */
export const STAGE = defineSearchAttributeKey('Stage', 'KEYWORD');

/** The journeys the user is in: `Journeys = "onboarding"`. */
export const JOURNEYS = defineSearchAttributeKey('Journeys', 'KEYWORD_LIST');

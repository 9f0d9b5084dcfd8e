import { z } from 'zod';
import { fields } from '../../authoring/fields';
import { stepName } from '../../authoring/json-fields';
import { channelOf, CONSENT_EVENTS, PERSONAL_CHANNELS, personalChannels, type Consent } from '../../model/consent';
import { CHANNEL_NAME, isBuiltIn } from '../../model/channels';
import type { ChannelName } from '../../model/state';
import { hopsOf } from '../../model/tracked';
import { askedSince } from '../../user/history';
import type { StepContext } from '../context';
import { instant, SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { tell, UNTOLD, type OwnEvent } from './tell';

type Answer = readonly [channel: ChannelName, agrees: boolean];

/** What becomes of an answer: what holds afterwards, in words, and the event that says so. */
interface Decided {
  readonly agrees: boolean;
  readonly text: string;
  /** The name of the event; null if nothing happened. */
  readonly event: string | null;
}

/**
 * Records answers about consent. A yes never lifts a no: only the user can do that. A no does not overrule what the user said after
 * the instant for which the step is decided.
 * @throws {TypeError} when there is no answer, or one for a channel that ships and reaches nobody
 */
function consent(given: Consent): StepCall<void> {
  const answers = Object.entries(given) as Answer[];
  if (answers.length === 0 || !answers.every(isAnswer)) throw mistake(PERSONAL_CHANNELS);
  const text = answers.map(([channel, agrees]) => `${channel}: ${agrees ? 'yes' : 'no'}`).join(', ');
  return instant({ kind: 'consent', text, ...SILENT }, (context) => {
    const { draft } = context;
    // Only the definitions know which channels the team has added.
    const known = personalChannels(draft.channels).map(({ name }) => name);
    if (!answers.every(([channel]) => known.includes(channel))) throw mistake(known);
    const decided = answers.map(([channel, agrees]) => [channel, decide(context, channel, agrees)] as const);
    const outcome = Object.fromEntries(decided.map(([channel, one]) => [channel, one.agrees]));
    draft.reach = { ...draft.reach, consent: { ...draft.reach.consent, ...outcome } };
    const isTold = tell(
      context,
      decided.flatMap(([channel, { event }]) => (event === null ? [] : [told(channel, event)])),
    );
    const reason = decided.map(([channel, one]) => `${channel}: ${one.text}`).join(', ');
    return { outcome, reason: isTold ? reason : `${reason}; ${UNTOLD}` };
  });
}

/** Whether this can be an answer. The channel may be one of a team's own. */
function isAnswer([channel, agrees]: Answer): boolean {
  const isPersonal = isBuiltIn(channel) ? PERSONAL_CHANNELS.includes(channel) : CHANNEL_NAME.test(channel);
  return isPersonal && typeof agrees === 'boolean';
}

function mistake(known: readonly ChannelName[]): TypeError {
  return new TypeError(`consent: expected true or false for ${known.join(', ')}, for one of them at least.`);
}

function told(channel: ChannelName, name: string): OwnEvent {
  return { name, properties: { channel }, part: channel };
}

function decide(context: StepContext, channel: ChannelName, agrees: boolean): Decided {
  const isRefused = context.draft.reach.consent[channel] === false;
  if (agrees)
    return isRefused
      ? { agrees: false, text: 'stays no', event: null }
      : { agrees: true, text: 'yes', event: CONSENT_EVENTS.given };
  if (isRefused) return { agrees: false, text: 'no already', event: null };
  return agreedLater(context, channel)
    ? { agrees: true, text: 'stays yes: the user agreed later', event: null }
    : { agrees: false, text: 'no', event: CONSENT_EVENTS.unsubscribed };
}

/**
 * Did the user agree themselves after the instant that is decided? Only a step that is decided late can find that.
 * @throws {MissingHistoryError} when the answers are not at hand
 */
function agreedLater({ draft, logicalTime, wallTime }: StepContext, channel: ChannelName): boolean {
  if (logicalTime >= wallTime) return false;
  return askedSince(draft.history, CONSENT_EVENTS.given, logicalTime).some(
    (event) => event.receivedAt > logicalTime && channelOf(event) === channel && hopsOf(event.properties) === 0,
  );
}

export interface ConsentForm extends StepForm {
  readonly kind: 'consent';
  readonly channels: Consent;
}

const answer = z.boolean().meta({
  description: 'False withdraws the consent. True notes that it was renewed; it never lifts a no of the user',
});

const channels = z
  .object(Object.fromEntries(PERSONAL_CHANNELS.map((channel) => [channel, answer.exactOptional()])))
  // The team's own. Only the definitions know which there are.
  .catchall(answer)
  .refine((given) => Object.keys(given).length > 0, 'must have one channel at least');

export const CONSENT: StepType<'consent', ConsentForm> = {
  kind: 'consent',
  bind: (perform) => (step, given) => perform(step, () => consent(given)),
  figure: 'reason',
  json: {
    schema: () =>
      fields({
        kind: z.literal('consent').meta({ description: 'Records whether the user agrees to channels' }),
        step: stepName,
        channels: channels.meta({ description: 'The answer for each channel, for one at least' }),
      }),
    channels: ({ channels: given }) =>
      Object.keys(given).map((name) => ({ name, path: ['channels', name], use: 'consent' })),
    async play({ step, channels: given }, j) {
      await j.consent(step, given);
      return [];
    },
  },
};

import { z } from 'zod';
import { ANY_CHANNEL, givenChannel, MOST_CHANNELS } from '../../authoring/channel-fields';
import { fields } from '../../authoring/fields';
import type { Fallback, SendOutcome } from '../../authoring/journey';
import { duration, json, name, repeated, stepName } from '../../authoring/json-fields';
import { anyOf } from '../../authoring/event';
import type { Duration } from '../../model/duration';
import type { JsonObject } from '../../model/json';
import type { ChannelName } from '../../model/state';
import { IF_CAPPED, type IfCapped } from '../../policy/if-capped';
import { listedChannels } from '../../user/draft';
import {
  exampleSigns,
  FALLBACK_SUFFIXES,
  fallbackForm,
  fallbackNames,
  handed,
  isNoticed,
  messageInTurn,
  noticed,
  noticedLabels,
  sendInTurn,
  waiting,
} from './fallback';
import { send, type MessageTemplates } from './send';
import { contentOf } from './send-data';
import { sendOutcome, SENT, SUPPRESSED } from './send-outcome';
import type { StepForm, StepType } from './step-type';
import { WAIT_FOR } from './wait-for';

/** The options of one message. */
type OneOptions = Parameters<typeof send>[1];

export interface SendForm extends StepForm {
  readonly kind: 'send';
  /** In the order to try. */
  readonly messages: readonly { readonly channel: ChannelName; readonly template: string }[];
  readonly transactional?: boolean;
  readonly topic?: string;
  readonly expires?: Duration;
  readonly ifCapped?: IfCapped;
  readonly data?: JsonObject;
  readonly slot?: string;
  readonly reopen?: boolean;
  readonly while?: 'inside';
  readonly fallback?: Fallback;
}

/** The schema of the name of a template. */
export const templateName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be the name of a shared template: letters, digits, _ and -')
  .meta({ description: 'The name of a shared template in `journeys/templates/`, without its extension' });

const message = fields({
  channel: givenChannel.meta({ description: `The channel to send by: ${ANY_CHANNEL}` }),
  template: templateName,
});

export const SEND: StepType<'send', SendForm> = {
  kind: 'send',
  bind:
    (perform) =>
    (step, templates, options = {}) => {
      const { fallback } = options;
      if (!fallback) return perform(step, () => send(templates, options));
      return sendInTurn(
        {
          message: (name, sending) => perform(name, () => messageInTurn(sending, fallback)),
          noticed: (name, sent) => perform(name, () => noticed(sent, fallback)),
        },
        step,
        templates,
        { ...options, fallback },
      ).then(({ outcome }) => outcome);
    },
  suffixes: FALLBACK_SUFFIXES,
  describe(outcome) {
    const { status, channel } = sendOutcome(outcome);
    return status === 'sent' && channel !== null ? `sent by ${channel}` : status;
  },
  tells: (outcome) => ({ ...sendOutcome(outcome) }),
  figure: 'reason',
  holdsMessages: true,
  label: ({ outcome }, chosen, isRead) => (isRead ? (chosen?.label ?? sendOutcome(outcome).status) : ''),
  steer: (j, pilot) => {
    const sendOne = async (step: string, templates: MessageTemplates, options: OneOptions): Promise<SendOutcome> => {
      pilot.notes.sends(step, templates, options.topic);
      const read = pilot.sends(step, contentOf(templates, options));
      const reasons = read === 'reason' ? pilot.suppressReasons(listedChannels(templates), options) : [SUPPRESSED];
      const chosen = read === null ? SENT : pilot.choose(step, [SENT, ...reasons]);
      const outcome = await j.send(step, chosen === SENT ? templates : {}, options);
      if (chosen === SENT || chosen === SUPPRESSED) return outcome;
      const suppressed: SendOutcome = {
        status: SUPPRESSED,
        channel: listedChannels(templates).at(-1) ?? null,
        reason: chosen,
      };
      pilot.replaces(step, { ...suppressed });
      return suppressed;
    };
    const waitFor = WAIT_FOR.steer?.(j, pilot) ?? j.waitFor.bind(j);
    return async (step, templates, options = {}) => {
      const { fallback } = options;
      if (!fallback) return pilot.trackOutcome(step, await sendOne(step, templates, options));
      let by: ChannelName | null = null;
      const last = await sendInTurn(
        {
          async message(name, [left, given]) {
            const message = handed(await sendOne(name, left, given));
            ({ by } = message);
            return message;
          },
          async noticed(name, sent) {
            pilot.notes.calls(name, noticedLabels(fallback));
            const signs = exampleSigns(sent[sent.length - 1] ?? '', by, fallback);
            return isNoticed(await waitFor(name, anyOf(...signs), waiting(fallback)));
          },
        },
        step,
        templates,
        { ...options, fallback },
      );
      return pilot.trackOutcome(last.step, last.outcome);
    };
  },
  json: {
    schema: () =>
      fields({
        kind: z.literal('send').meta({ description: 'Sends a message by the first of the channels that can take it' }),
        step: stepName,
        messages: z
          .array(message)
          .min(1)
          .max(MOST_CHANNELS)
          .meta({ description: 'The channels in the order to try, each once, with the template of each' }),
        transactional: z.boolean().exactOptional().meta({
          description:
            'The message needs no consent, does not count against the caps, and is not held for quiet hours. Default: as the journey says',
        }),
        topic: name.exactOptional().meta({
          description:
            'The topic of the message, as `topics.ts` declares it. Somebody who has left it does not get the message, unless it is transactional. Default: as the journey says',
        }),
        expires: duration.exactOptional().meta({
          description:
            'How long after the step is entered the message may still be sent. Default: the longest `expiry` that the policy has for its channels',
        }),
        ifCapped: z.literal(IF_CAPPED).exactOptional().meta({
          description:
            'What becomes of the message if a cap keeps it from a channel. `next channel`: the next one is tried; if none is left, it is not sent. `suppress`: it is not sent. `hold`: as `next channel`, but if none is left it is held until one has room. Default: `next channel`',
        }),
        data: json.exactOptional().meta({ description: 'Values for the templates, which read them as `data`' }),
        slot: name.exactOptional().meta({
          description:
            'The card in the app that shows the message, instead of what it showed before: one for each journey, slot and key. Other channels ignore it. Default: a card of its own',
        }),
        reopen: z
          .boolean()
          .exactOptional()
          .meta({ description: 'Whether the card shows again if the user has dismissed it. Default: false' }),
        while: z.literal('inside').exactOptional().meta({
          description:
            'The app shows the message only while the user is inside the journey. Other channels ignore it. Default: until it is dismissed or expires',
        }),
        fallback: fallbackForm.exactOptional().meta({
          description:
            'Sends by the next channels, too, one after another, if the message is not noticed in time. Needs two messages at least. Default: one message only',
        }),
      }),
    async play(
      { step, messages, transactional, topic, expires, ifCapped, data, slot, reopen, while: lasts, fallback },
      j,
    ) {
      await j.send(step, Object.fromEntries(messages.map(({ channel, template }) => [channel, template])), {
        ...(transactional !== undefined && { transactional }),
        ...(topic !== undefined && { topic }),
        ...(expires !== undefined && { expires }),
        ...(ifCapped !== undefined && { ifCapped }),
        ...(data !== undefined && { data }),
        ...(slot !== undefined && { slot }),
        ...(reopen !== undefined && { reopen }),
        ...(lasts !== undefined && { while: lasts }),
        ...(fallback && { fallback }),
      });
      return [];
    },
    names: ({ step, messages, fallback }) =>
      fallback
        ? fallbackNames(
            step,
            messages.map(({ channel }) => channel),
          )
        : [step],
    channels: ({ messages }) =>
      messages.map(({ channel }, index) => ({ name: channel, path: ['messages', index, 'channel'], use: 'message' })),
    mistakes: ({ messages, fallback }) => [
      ...repeated(messages, ({ channel }) => channel, ['messages'], 'channel'),
      ...(fallback && messages.length === 1
        ? [
            {
              path: ['fallback'],
              message: 'Expected at least two messages: there is no other channel to fall back to.',
            },
          ]
        : []),
    ],
    template({ messages }, channel) {
      const index = messages.findIndex((one) => one.channel === channel);
      return index < 0 ? null : ['messages', index, 'template'];
    },
  },
};

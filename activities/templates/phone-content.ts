import { SegmentedMessage } from 'sms-segments-calculator';
import { z } from 'zod';
import { integerIn } from './in-app/values';

/** What providers take at most (Twilio error 21617), and what an SMS may take unless its template says less. */
const MAX_SMS_LENGTH = 1_600;
const MAX_SEGMENTS = 10;
/** What Twilio takes of TwiML, less what stands around the text. Characters. */
const MAX_SPOKEN_LENGTH = 3_000;

/** Schema of an SMS. */
export const smsContent = z.strictObject({
  text: z.string().max(MAX_SMS_LENGTH, `must have at most ${MAX_SMS_LENGTH} characters`),
  /** The most segments that it may take. Each is paid for. */
  segments: integerIn(1, MAX_SEGMENTS).exactOptional(),
});
export type SmsContent = z.infer<typeof smsContent>;

/** Schema of what is said in a call. */
export const voiceContent = z.strictObject({
  say: z.string().max(MAX_SPOKEN_LENGTH, `must have at most ${MAX_SPOKEN_LENGTH} characters`),
  /** BCP 47. Default: what the provider takes, which is `en-US` at Twilio. */
  language: z.string().exactOptional(),
  /** A voice of the provider, such as `Polly.Vicki`. */
  voice: z.string().exactOptional(),
});
export type VoiceContent = z.infer<typeof voiceContent>;

/**
 * Schema of a WhatsApp message: the id of a template that WhatsApp has approved, with its variables, or a text. WhatsApp delivers a
 * text only within 24 hours after the person has written.
 */
export const whatsAppContent = z
  .strictObject({
    template: z
      .string()
      .regex(/^HX[0-9a-f]{32}$/, 'must be the id of a content template, such as HX and 32 hexadecimal digits')
      .exactOptional(),
    variables: z.record(z.string(), z.string()).exactOptional(),
    text: z.string().max(MAX_SMS_LENGTH, `must have at most ${MAX_SMS_LENGTH} characters`).exactOptional(),
  })
  .refine(({ template, text }) => (template === undefined) !== (text === undefined), {
    path: ['template'],
    message: 'must be there, or text, but not both',
  })
  .refine(({ template, variables }) => variables === undefined || template !== undefined, {
    path: ['variables'],
    message: 'belongs to a template',
  });
export type WhatsAppContent = z.infer<typeof whatsAppContent>;

/**
 * Finds an SMS that takes more segments than it may: 160 characters of GSM-7 or 70 of UCS-2 in one segment, 153 or 67 in each of
 * several (3GPP TS 23.040 9.2.3.24.1). Each of its problems is one sentence.
 */
export function flawsOfSms({ text, segments = MAX_SEGMENTS }: SmsContent): string[] {
  const message = new SegmentedMessage(text);
  if (message.segmentsCount <= segments) return [];
  const other = message.getNonGsmCharacters();
  const because = other.length === 0 ? '' : `, as ${[...new Set(other)].slice(0, 5).join(' ')} is not in GSM-7`;
  return [
    `the text takes ${message.segmentsCount} segments in ${message.encodingName}${because}; it may take at most ${segments}`,
  ];
}

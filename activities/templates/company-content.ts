import { z } from 'zod';

/** The name of an endpoint or channel that is set up. Default: the first one. */
const target = z.string().exactOptional();

/** Schema of a webhook's template: to which endpoint, the type of the event, and its data. */
export const webhookContent = z.strictObject({
  endpoint: target,
  type: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, _, - and dots, such as account.silent'),
  data: z.record(z.string(), z.json()).exactOptional(),
});
export type WebhookContent = z.infer<typeof webhookContent>;

/** An absolute address: a chat knows no app to which a path could belong. */
const address = z
  .string()
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'must be an http(s) address');

/**
 * Schema of a message to a channel of a company's Slack or Teams. All texts are plain: what a person has written never becomes
 * markup, a mention or a link.
 */
export const teamContent = z.strictObject({
  channel: target,
  title: z.string().exactOptional(),
  text: z.string(),
  fields: z
    .array(z.strictObject({ name: z.string(), value: z.string() }))
    .max(10)
    .exactOptional(),
  button: z.strictObject({ label: z.string(), url: address }).exactOptional(),
});
export type TeamContent = z.infer<typeof teamContent>;

import { z } from 'zod';
import type { Attachment } from './content';

/** The most that all attachments of an email may have together. Every provider takes so much. Octets. */
const MAX_OCTETS = 7_000_000;
/** The most attachments of an email. */
const MAX_ATTACHMENTS = 20;

const attachment = z.strictObject({
  filename: z
    .string()
    .max(200, 'has more than 200 characters')
    .regex(/^[^\p{Cc}/\\"]+$/u, 'must be a name without slashes, quotes and control characters'),
  contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as application/pdf'),
  base64: z.base64('must be base64'),
});
const attachments = z
  .array(attachment, 'must be a list')
  .max(MAX_ATTACHMENTS, `has more than ${MAX_ATTACHMENTS} files`);

/**
 * Reads the attachments of an email from what its step gives: a list of `{ filename, contentType, base64 }`.
 * @param path where the list stands, such as `data.files`
 * @param at the file and line of the template that names it
 * @param problems gets one sentence for each mistake, with the path of what is wrong
 */
export function attachmentsIn(value: unknown, path: string, at: string, problems: string[]): readonly Attachment[] {
  if (value === undefined || value === null) return [];
  const result = attachments.safeParse(value);
  if (!result.success) {
    for (const issue of result.error.issues)
      problems.push(`${at}: attachments: ${[path, ...issue.path].join('.')}: ${issue.message}`);
    return [];
  }
  const octets = result.data.reduce((sum, { base64 }) => sum + Math.floor((base64.length * 3) / 4), 0);
  if (octets <= MAX_OCTETS) return result.data;
  problems.push(`${at}: attachments: ${path}: has ${octets} octets; all files together may have ${MAX_OCTETS}`);
  return [];
}

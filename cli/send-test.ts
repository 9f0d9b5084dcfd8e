import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { Provider } from '../activities/providers/provider';
import { smtp } from '../activities/providers/smtp';
import type { EmailContent } from '../activities/templates/content';
import { loadTemplates } from '../activities/templates/load';
import { inLanguage, samplesOf } from '../activities/templates/samples';
import { loadDefinitions } from '../config/definitions';
import { templatesRoots } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import type { TemplateUse } from '../engine/definitions/template-use';
import { emailAddress } from '../engine/model/reach';

/** Which email is sent, and to whom. */
export interface TestMail {
  /** The folder or package of the journeys. */
  readonly journeys: string;
  readonly journey: string;
  readonly step: string;
  readonly to: string;
  /** A language tag. Default: that of the examples. */
  readonly locale?: string;
}

interface Options {
  readonly to: string;
  readonly locale?: string;
}

/** `sojourn send-test`: sends one email of a journey to an address. */
export const sendTestCommand = new Command('send-test')
  .description('Send the email of a step to an address, with example data and [Test] before its subject.')
  .argument('<journey>', 'id of the journey')
  .argument('<step>', 'name of the step that sends the email')
  .requiredOption('--to <address>', 'the address')
  .option('--locale <tag>', 'the language of the person, such as de or pt-BR')
  .action(async (journey: string, step: string, options: Options) => {
    const { smtpUrl, mailFrom, publicUrl, journeysPath } = readEnvironment(process.env);
    if (smtpUrl === null || mailFrom === null) throw new Error('SMTP_URL and MAIL_FROM must be set.');
    const { hostname } = new URL(publicUrl ?? 'http://localhost');
    const provider = smtp({ url: smtpUrl, from: mailFrom, hostname });
    try {
      const subject = await sendTest({ journeys: journeysPath, journey, step, ...options }, provider);
      console.log(`Sent '${subject}' to ${options.to}.`);
    } finally {
      await provider.close();
    }
  });

/**
 * Renders the email of a step with example data, and sends it. Copies are left out, and its links are examples: they unsubscribe nobody.
 * @returns the subject
 * @throws {Error} when there is no such step, the template has a mistake, or the provider does not take the email
 */
export async function sendTest(mail: TestMail, provider: Provider<EmailContent>): Promise<string> {
  const { journeys, to, locale } = mail;
  if (emailAddress({ email: to }) !== to) throw new Error(`'${to}' is not an email address.`);
  const templates = await loadTemplates(...templatesRoots(journeys));
  const sample = sampleFor(mail, await samplesOf(await loadDefinitions(journeys)));
  const { journey, step, name, context } = locale === undefined ? sample : inLanguage(sample, locale);
  const { cc: _copies, ...content } = templates.get(journey, 'email', name, locale ?? null).render(context);
  const subject = `[Test] ${content.subject}`;
  const { delivery } = await provider.send(
    {
      ...{ id: randomUUID(), userId: context.user.id, to, journey, step, transactional: true, links: context.links },
      ...{ content: { ...content, subject }, ttlMs: 3_600_000, confirm: async () => undefined },
    },
    new AbortController().signal,
  );
  if (delivery.outcome !== 'sent') throw new Error(`${provider.name} did not take the email: ${delivery.detail ?? ''}`);
  return subject;
}

function sampleFor({ journey, step }: TestMail, samples: readonly TemplateUse[]): TemplateUse {
  const mails = samples.filter(({ channel }) => channel === 'email');
  const ofJourney = mails.filter((use) => use.journey === journey);
  const found = ofJourney.find((use) => use.step === step);
  if (found) return found;
  const steps = [...new Set(ofJourney.map((use) => use.step))].join(', ');
  const journeys = [...new Set(mails.map((use) => use.journey))].join(', ');
  throw new Error(
    steps === ''
      ? `No journey '${journey}' sends an email. There are ${journeys || 'none'}.`
      : `The journey '${journey}' has no step '${step}' that sends an email. There are ${steps}.`,
  );
}

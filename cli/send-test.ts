import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { providersOf } from '../activities/providers';
import type { Provider } from '../activities/providers/provider';
import type { EmailContent } from '../activities/templates/content';
import { loadTemplates } from '../activities/templates/load';
import { inLanguage, samplesOf } from '../activities/templates/samples';
import { requireProviderSettings, withDefaults } from '../config/channel-setups';
import { loadDefinitions } from '../config/definitions';
import { templatesRoots } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import type { Environment } from '../config/rule';
import type { TemplateUse } from '../engine/definitions/template-use';
import { emailAddress } from '../engine/model/reach';
import type { MessageReferences } from '../store/message-references';

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
    const provider = await emailProvider(process.env);
    try {
      const { journeysPath } = readEnvironment(process.env);
      const subject = await sendTest({ journeys: journeysPath, journey, step, ...options }, provider);
      console.log(`Sent '${subject}' to ${options.to}.`);
    } finally {
      await provider.close();
    }
  });

/**
 * Makes the first provider of `channels/email`, or the mail server of `SMTP_URL` if there is no such file.
 * @throws {ConfigError} with every variable that it lacks
 */
export async function emailProvider(environment: Environment): Promise<Provider<EmailContent>> {
  const { journeysPath, publicUrl: configured } = readEnvironment(environment);
  const { setups: declared } = await loadDefinitions(journeysPath);
  const setups = withDefaults(declared, { smtpFallbackUrl: null })
    .filter(({ channel }) => channel === 'email')
    .map((setup) => ({ ...setup, providers: setup.providers.slice(0, 1) }));
  requireProviderSettings(setups, environment);
  const publicUrl = configured ?? 'http://localhost';
  const { hostname } = new URL(publicUrl);
  const [provider] = providersOf('email', {
    setups,
    environment,
    publicUrl,
    hostname,
    references: NONE,
    mailboxUrl: null,
  });
  if (!provider) throw new Error('No provider sends emails.');
  return provider;
}

/** Providers of emails carry our own id of a message, so there is nothing to keep. */
const NONE: MessageReferences = { add: async () => undefined };

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

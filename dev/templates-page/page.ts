import type { EmailContent } from '../../activities/templates/content';
import { escapeHtml } from '../../api/html';
import { pageReply } from '../../api/page-reply';
import type { Reply } from '../../api/route';
import { channelLabel } from '../../engine/model/channels';
import type { BoardState } from './board';
import { cardOf } from './cards';
import type { Rendering, TemplateEntry } from './entries';
import { previewTextOf, SANDBOX } from './mail';
import { facts } from './markup';
import { PAGE_STYLE } from './page-style';
import { addressOf, choiceOf, PATH, renderingsOf, type Choice, type View } from './view';

/** Pictures come from wherever the templates have them. */
const MORE = {
  'script-src': "'self'",
  'connect-src': "'self'",
  'frame-src': "'self'",
  'img-src': 'data: http: https:',
} as const;

/** Answers with the page: the list of templates, and one of them with example data. */
export function templatesPage({ entries, version, trouble }: BoardState, asked: View): Reply<string> {
  const choice = choiceOf(entries, asked);
  // An address is complete, so that a link shows the same after a template was added before this one.
  const view = choice
    ? { ...asked, journey: choice.entry.journey, template: choice.entry.name, language: choice.language ?? '' }
    : asked;
  const name = choice ? `${choice.entry.name} · ${choice.entry.journey}` : 'Templates';
  const body = `<div class="board" data-version="${version}">
<div class="sheet">
${trouble === null ? '' : problemsText('The journeys cannot be loaded. The page shows the last that could.', trouble)}
${choice ? sheet(choice, view) : '<h1>Templates</h1><p>No journey sends a message yet.</p>'}
</div>
${list(entries, view)}
</div>
<script src="${PATH}/page.js" defer></script>`;
  return pageReply(200, { title: name, body, wide: true, style: PAGE_STYLE }, MORE);
}

function list(entries: readonly TemplateEntry[], view: View): string {
  const journeys = [...new Set(entries.map(({ journey }) => journey))];
  const groups = journeys.map((journey) => {
    const links = entries
      .filter((entry) => entry.journey === journey)
      .map(({ name, isBroken }) => {
        const isShown = journey === view.journey && name === view.template;
        const address = addressOf(view, { journey, template: name, example: '' });
        const broken = isBroken ? ' <span class="bad">error</span>' : '';
        return `<li>${link({ id: `${journey}/${name}`, address, isShown, html: `${escapeHtml(name)}${broken}` })}</li>`;
      });
    return `<h2>${escapeHtml(journey)}</h2><ul>${links.join('')}</ul>`;
  });
  return `<nav class="list" id="all" aria-label="Templates">${groups.join('')}</nav>`;
}

function sheet(choice: Choice, view: View): string {
  const { entry, example } = choice;
  const sections = renderingsOf(choice).map((rendering) => section(rendering, view));
  const examples = entry.examples.map(({ label }) => ({ value: label, says: label }));
  return `<p class="to-list"><a href="#all">All templates</a></p>
<h1>${escapeHtml(entry.name)}</h1>
<p class="muted small">Journey ${escapeHtml(entry.journey)}, step ${escapeHtml(example.label)}. <span id="live" role="status">Reload the page to see an edit.</span></p>
<div class="switches">
${choices('Language', 'language', entry.languages.map(languageChoice), view)}
${choices('Step', 'example', examples, { ...view, example: example.label })}
${choices('Theme', 'theme', THEMES, view)}
${choices('Width', 'width', WIDTHS, view)}
</div>
<div class="stage ${view.theme} ${view.width}">
${sections.join('\n')}
</div>`;
}

interface Option {
  readonly value: string;
  readonly says: string;
}

const THEMES: readonly Option[] = [
  { value: 'auto', says: 'As this device' },
  { value: 'light', says: 'Light' },
  { value: 'dark', says: 'Dark' },
];
const WIDTHS: readonly Option[] = [
  { value: 'wide', says: 'Wide' },
  { value: 'phone', says: 'Phone' },
];

const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language' });

function languageChoice(tag: string | null): Option {
  return tag === null
    ? { value: '', says: 'Default' }
    : { value: tag, says: `${LANGUAGE_NAMES.of(tag) ?? tag} (${tag})` };
}

/** Links that each change one thing of the view. One alone is no choice. */
function choices(title: string, key: keyof View, options: readonly Option[], view: View): string {
  if (options.length < 2) return '';
  const links = options.map(({ value, says }) =>
    link({
      id: `${key}-${value}`,
      address: addressOf(view, { [key]: value }),
      isShown: value === view[key],
      html: escapeHtml(says),
    }),
  );
  return `<nav aria-label="${title}"><div class="muted small">${title}</div><div class="choices">${links.join('')}</div></nav>`;
}

interface Link {
  readonly id: string;
  readonly address: string;
  readonly isShown: boolean;
  readonly html: string;
}

function link({ id, address, isShown, html }: Link): string {
  return `<a id="${escapeHtml(id)}" href="${escapeHtml(address)}"${isShown ? ' aria-current="true"' : ''}>${html}</a>`;
}

function section(rendering: Rendering, view: View): string {
  const { channel } = rendering;
  const label = channelLabel(channel);
  const title = `<h2>${escapeHtml(label.charAt(0).toUpperCase() + label.slice(1))}</h2>`;
  if (rendering.kind === 'broken')
    return `<section>${title}${problemsText('The template has an error.', rendering.problems)}</section>`;
  const shown =
    channel === 'email' ? mail(rendering.content as EmailContent, view) : cardOf(channel, rendering.content);
  return `<section>${title}${shown}</section>`;
}

function mail({ subject, html, text, headers, attachments, ...head }: EmailContent, view: View): string {
  const known = facts({
    Subject: subject,
    'Preview text': previewTextOf(html) ?? 'None: mail programs show the beginning of the text.',
    From: head.from,
    'Reply to': head.replyTo?.join(', '),
    Cc: head.cc?.join(', '),
    ...headers,
    Attachments: attachments?.map(({ filename, contentType }) => `${filename} (${contentType})`).join(', '),
  });
  return `${known}
<iframe src="${escapeHtml(addressOf(view, {}, `${PATH}/mail`))}" sandbox="${SANDBOX}" title="The email as HTML"></iframe>
<details id="text"><summary>Text part</summary><pre tabindex="0" role="region" aria-label="The email as text">${escapeHtml(text)}</pre></details>`;
}

function problemsText(says: string, problems: string): string {
  return `<div class="problems" role="alert"><p class="bad"><strong>${says}</strong></p><pre tabindex="0" role="region" aria-label="The error">${escapeHtml(problems)}</pre></div>`;
}

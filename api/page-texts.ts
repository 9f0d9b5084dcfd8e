import type { ChannelName } from '../engine/model/channels';

/** A text for each channel that people call by a name of its own, and one for the others. */
type OfChannel = Readonly<Partial<Record<ChannelName, string>> & { others: string }>;

/** Chooses the text of a channel. */
export function ofChannel(texts: OfChannel, channel: ChannelName): string {
  return texts[channel] ?? texts.others;
}

/** What the pages say that a link in a message opens. */
export interface PageTexts {
  readonly notValid: { readonly title: string; readonly text: string };
  readonly closed: { readonly title: string; readonly text: string };
  readonly unsubscribe: {
    readonly title: string;
    readonly question: OfChannel;
    readonly button: string;
    readonly done: string;
    readonly more: OfChannel;
  };
}

const ENGLISH: PageTexts = {
  notValid: { title: 'This link is not valid', text: 'It may have been cut off. Open it again from the message.' },
  closed: { title: 'This question is closed', text: 'The time to answer it is over.' },
  unsubscribe: {
    title: 'Unsubscribe',
    question: {
      email: 'Do you want to stop receiving emails from us?',
      webPush: 'Do you want to stop receiving notifications from us?',
      inApp: 'Do you want to stop receiving in-app messages from us?',
      sms: 'Do you want to stop receiving text messages from us?',
      voice: 'Do you want to stop receiving calls from us?',
      others: 'Do you want to stop receiving these messages from us?',
    },
    button: 'Unsubscribe',
    done: 'You are unsubscribed',
    more: {
      email: 'You will get no more emails from us, except those you ask for yourself.',
      webPush: 'You will get no more notifications from us, except those you ask for yourself.',
      inApp: 'You will get no more in-app messages from us, except those you ask for yourself.',
      sms: 'You will get no more text messages from us, except those you ask for yourself.',
      voice: 'You will get no more calls from us, except those you ask for yourself.',
      others: 'You will get no more of these messages from us, except those you ask for yourself.',
    },
  },
};

const GERMAN: PageTexts = {
  notValid: {
    title: 'Dieser Link ist nicht gültig',
    text: 'Vielleicht wurde er abgeschnitten. Öffnen Sie ihn noch einmal aus der Nachricht.',
  },
  closed: { title: 'Diese Frage ist geschlossen', text: 'Die Zeit für eine Antwort ist vorbei.' },
  unsubscribe: {
    title: 'Abmelden',
    question: {
      email: 'Möchten Sie keine E-Mails mehr von uns erhalten?',
      webPush: 'Möchten Sie keine Benachrichtigungen mehr von uns erhalten?',
      inApp: 'Möchten Sie keine Nachrichten in der App mehr von uns erhalten?',
      sms: 'Möchten Sie keine SMS mehr von uns erhalten?',
      voice: 'Möchten Sie keine Anrufe mehr von uns erhalten?',
      others: 'Möchten Sie diese Nachrichten nicht mehr von uns erhalten?',
    },
    button: 'Abmelden',
    done: 'Sie sind abgemeldet',
    more: {
      email: 'Sie erhalten keine E-Mails mehr von uns, außer solchen, die Sie selbst anfordern.',
      webPush: 'Sie erhalten keine Benachrichtigungen mehr von uns, außer solchen, die Sie selbst anfordern.',
      inApp: 'Sie erhalten keine Nachrichten in der App mehr von uns, außer solchen, die Sie selbst anfordern.',
      sms: 'Sie erhalten keine SMS mehr von uns, außer solchen, die Sie selbst anfordern.',
      voice: 'Sie erhalten keine Anrufe mehr von uns, außer solchen, die Sie selbst anfordern.',
      others: 'Sie erhalten diese Nachrichten nicht mehr von uns, außer solchen, die Sie selbst anfordern.',
    },
  },
};

const TEXTS = { en: ENGLISH, de: GERMAN } as const;

/** The languages of the pages. English comes first: it is for those whose language is not among them. */
export const PAGE_LANGUAGES = ['en', 'de'] as const satisfies readonly [keyof typeof TEXTS, ...(keyof typeof TEXTS)[]];

/** The texts, and the language that they are in. */
export interface PageWords {
  readonly language: (typeof PAGE_LANGUAGES)[number];
  readonly texts: PageTexts;
}

/** The texts of the pages in a language, or in English. @param tag a language tag, such as `de-AT` */
export function pageWords(tag: string): PageWords {
  const [base = ''] = tag.toLowerCase().split('-');
  const language = PAGE_LANGUAGES.find((one) => one === base) ?? PAGE_LANGUAGES[0];
  return { language, texts: TEXTS[language] };
}

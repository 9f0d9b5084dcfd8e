import type { Frequency } from '../engine/model/topic-answer';
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
    /** Of a link in a message with a topic, by the title of the topic. */
    readonly ofTopic: {
      question(topic: string): string;
      more(topic: string): string;
      /** The button that unsubscribes from the whole channel. */
      readonly all: OfChannel;
      /** The link to the preference page. */
      readonly choose: string;
    };
  };
  readonly preferences: {
    readonly title: string;
    readonly saved: string;
    readonly topics: string;
    /** The box of a topic without a choice of channels. */
    readonly subscribed: string;
    readonly by: OfChannel;
    readonly howOften: string;
    readonly frequencies: Readonly<Record<Frequency, string>>;
    readonly pending: string;
    readonly channels: string;
    readonly channelsMore: string;
    readonly allBy: OfChannel;
    readonly save: string;
    readonly all: string;
    readonly allDone: string;
  };
  readonly confirm: {
    readonly title: string;
    question(topic: string): string;
    readonly button: string;
    readonly done: string;
    more(topic: string): string;
    readonly over: { readonly title: string; readonly text: string };
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
    ofTopic: {
      question: (topic) => `Do you want to stop receiving “${topic}”?`,
      more: (topic) => `You will not get “${topic}” any more.`,
      all: {
        email: 'Unsubscribe from all emails',
        webPush: 'Turn off all notifications',
        inApp: 'Turn off all messages in the app',
        others: 'Turn off all of these messages',
      },
      choose: 'Choose what you get',
    },
  },
  preferences: {
    title: 'What you get from us',
    saved: 'Your choices are saved.',
    topics: 'Topics',
    subscribed: 'Send me this',
    by: {
      email: 'By email',
      webPush: 'As a notification',
      inApp: 'In the app',
      sms: 'As a text message',
      voice: 'By a call',
      others: 'By another way',
    },
    howOften: 'How often',
    frequencies: { all: 'Every time', weekly: 'At most once a week' },
    pending: 'Please confirm this: we have sent you a message with a link.',
    channels: 'Ways to reach you',
    channelsMore:
      'What you turn off here brings you nothing any more, whatever you have chosen above, except what you ask for yourself.',
    allBy: {
      email: 'Emails',
      webPush: 'Notifications',
      inApp: 'Messages in the app',
      sms: 'Text messages',
      voice: 'Calls',
      others: 'Other messages',
    },
    save: 'Save',
    all: 'Unsubscribe from everything',
    allDone: 'You are unsubscribed from everything.',
  },
  confirm: {
    title: 'Confirm your subscription',
    question: (topic) => `Do you want to receive “${topic}”?`,
    button: 'Confirm',
    done: 'You are subscribed',
    more: (topic) => `From now on you will get “${topic}”.`,
    over: { title: 'This link is not valid any more', text: 'Subscribe once more, and we will send you a new one.' },
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
    ofTopic: {
      question: (topic) => `Möchten Sie „${topic}“ nicht mehr erhalten?`,
      more: (topic) => `Sie erhalten „${topic}“ nicht mehr.`,
      all: {
        email: 'Von allen E-Mails abmelden',
        webPush: 'Alle Benachrichtigungen abstellen',
        inApp: 'Alle Nachrichten in der App abstellen',
        others: 'Alle diese Nachrichten abstellen',
      },
      choose: 'Auswählen, was Sie erhalten',
    },
  },
  preferences: {
    title: 'Was Sie von uns erhalten',
    saved: 'Ihre Auswahl ist gespeichert.',
    topics: 'Themen',
    subscribed: 'Das möchte ich erhalten',
    by: {
      email: 'Per E-Mail',
      webPush: 'Als Benachrichtigung',
      inApp: 'In der App',
      sms: 'Als SMS',
      voice: 'Als Anruf',
      others: 'Auf anderem Weg',
    },
    howOften: 'Wie oft',
    frequencies: { all: 'Jedes Mal', weekly: 'Höchstens einmal in der Woche' },
    pending: 'Bitte bestätigen Sie das: Wir haben Ihnen eine Nachricht mit einem Link geschickt.',
    channels: 'Wege, auf denen wir Sie erreichen',
    channelsMore:
      'Was Sie hier abstellen, bringt Ihnen nichts mehr, was Sie auch oben gewählt haben, außer dem, was Sie selbst anfordern.',
    allBy: {
      email: 'E-Mails',
      webPush: 'Benachrichtigungen',
      inApp: 'Nachrichten in der App',
      sms: 'SMS',
      voice: 'Anrufe',
      others: 'Andere Nachrichten',
    },
    save: 'Speichern',
    all: 'Von allem abmelden',
    allDone: 'Sie sind von allem abgemeldet.',
  },
  confirm: {
    title: 'Anmeldung bestätigen',
    question: (topic) => `Möchten Sie „${topic}“ erhalten?`,
    button: 'Bestätigen',
    done: 'Sie sind angemeldet',
    more: (topic) => `Ab jetzt erhalten Sie „${topic}“.`,
    over: {
      title: 'Dieser Link ist nicht mehr gültig',
      text: 'Melden Sie sich noch einmal an, dann schicken wir Ihnen einen neuen.',
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

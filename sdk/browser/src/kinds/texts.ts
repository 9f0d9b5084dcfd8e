/** The SDK's own words. `{n}` and `{of}` stand for numbers. */
const ENGLISH = {
  close: 'Close',
  back: 'Back',
  next: 'Next',
  send: 'Send',
  skip: 'Skip',
  notNow: 'Not now',
  message: 'Message',
  step: '{n} of {of}',
  messages: 'Messages',
  unread: '{n} unread',
  unreadOne: 'Unread',
  empty: 'Nothing here yet. News about your account will appear here.',
  yourChoice: 'Your choice',
  rightAnswer: 'Right answer',
  right: 'Right',
  wrong: 'Not quite',
  votes: '{n} votes',
  vote: '1 vote',
  points: '{n} points',
  inARow: '{n} in a row',
  done: 'Done',
  open: 'To do',
  star: '{n} of 5 stars',
  answer: 'Your answer',
  badges: 'Badges',
  remove: 'Remove',
};

/** Each text by its name. An app overrides any of them by the setting `texts`. */
export type Texts = Readonly<typeof ENGLISH>;

const GERMAN: Texts = {
  close: 'Schließen',
  back: 'Zurück',
  next: 'Weiter',
  send: 'Senden',
  skip: 'Überspringen',
  notNow: 'Jetzt nicht',
  message: 'Nachricht',
  step: '{n} von {of}',
  messages: 'Nachrichten',
  unread: '{n} ungelesen',
  unreadOne: 'Ungelesen',
  empty: 'Noch nichts da. Neuigkeiten zu Ihrem Konto erscheinen hier.',
  yourChoice: 'Ihre Wahl',
  rightAnswer: 'Richtige Antwort',
  right: 'Richtig',
  wrong: 'Nicht ganz',
  votes: '{n} Stimmen',
  vote: '1 Stimme',
  points: '{n} Punkte',
  inARow: '{n} in Folge',
  done: 'Erledigt',
  open: 'Offen',
  star: '{n} von 5 Sternen',
  answer: 'Ihre Antwort',
  badges: 'Abzeichen',
  remove: 'Entfernen',
};

/** Returns the texts of a locale, English if there are none, with those of the app on top. */
export const textsIn = (locale: string, own: Partial<Texts> = {}): Texts => ({
  ...(/^de\b/i.test(locale) ? GERMAN : ENGLISH),
  ...own,
});

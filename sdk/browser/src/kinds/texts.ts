/** The SDK's own words, in English and in German. `{n}` and `{of}` stand for numbers. */
const TABLE = {
  close: ['Close', 'Schließen'],
  remove: ['Remove', 'Entfernen'],
  back: ['Back', 'Zurück'],
  next: ['Next', 'Weiter'],
  send: ['Send', 'Senden'],
  notNow: ['Not now', 'Jetzt nicht'],
  message: ['Message', 'Nachricht'],
  messages: ['Messages', 'Nachrichten'],
  step: ['{n} of {of}', '{n} von {of}'],
  stars: ['{n} of 5 stars', '{n} von 5 Sternen'],
  done: ['Done', 'Erledigt'],
  open: ['To do', 'Offen'],
  unread: ['Unread', 'Ungelesen'],
  empty: ['Nothing here yet. News will appear here.', 'Noch nichts da. Neues erscheint hier.'],
  yourChoice: ['Your choice', 'Ihre Wahl'],
  rightAnswer: ['Right answer', 'Richtige Antwort'],
  right: ['Right', 'Richtig'],
  wrong: ['Not quite', 'Nicht ganz'],
  votes: ['Votes: {n}', 'Stimmen: {n}'],
  points: ['{n} points', '{n} Punkte'],
  inARow: ['{n} in a row', '{n} in Folge'],
  badges: ['Badges', 'Abzeichen'],
} as const;

/** Each text by its name. An app overrides any of them by the setting `texts`. */
export type Texts = Readonly<Record<keyof typeof TABLE, string>>;

/** Returns the texts of a locale, English if there are none, with those of the app on top. */
export function textsIn(locale: string, own: Partial<Texts> = {}): Texts {
  const column = /^de\b/i.test(locale) ? 1 : 0;
  const texts = Object.entries(TABLE).map(([name, row]) => [name, row[column]]);
  return { ...(Object.fromEntries(texts) as Texts), ...own };
}

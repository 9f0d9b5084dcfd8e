/** How often a person visits the app, from a given day after they arrived. */
export interface Phase {
  readonly fromDay: number;
  readonly visitsPerDay: number;
}

/** How one group of people uses the app. Each probability is a number from 0 to 1. */
export interface Habit {
  /** The size of the group, out of sixty people. */
  readonly people: number;
  readonly phases: readonly Phase[];
  /** Local hours in which they are awake. Hours from 24 on are after midnight. */
  readonly awake: readonly [from: number, to: number];
  /** Probability that they allow notifications. */
  readonly allowsPush: number;
  /** Probabilities of what they do during a visit. */
  readonly visit: { readonly createProject: number; readonly inviteTeammate: number; readonly placeOrder: number };
  /** Probabilities of their reactions to a message. */
  readonly message: {
    readonly openMail: number;
    /** Visits the app after opening a mail. */
    readonly followMail: number;
    readonly followPush: number;
    readonly clickCard: number;
    /** Unsubscribes after opening a mail without following it. */
    readonly unsubscribe: number;
  };
  /** They delete their account on this day after they arrived; null for never. */
  readonly deletesOnDay: number | null;
}

const DAYTIME = [8, 22] as const;

const PATIENT = { openMail: 0.6, followMail: 0.35, followPush: 0.3, clickCard: 0.5, unsubscribe: 0.03 } as const;

/** The habits of all groups, by name. */
export const HABITS = {
  keen: {
    people: 10,
    phases: [{ fromDay: 0, visitsPerDay: 2 }],
    awake: DAYTIME,
    allowsPush: 0.7,
    visit: { createProject: 0.6, inviteTeammate: 0.3, placeOrder: 0.04 },
    message: { ...PATIENT, clickCard: 0.8 },
    deletesOnDay: null,
  },
  busy: {
    people: 11,
    phases: [{ fromDay: 0, visitsPerDay: 0.3 }],
    awake: [7, 20],
    allowsPush: 0.3,
    visit: { createProject: 0.25, inviteTeammate: 0.1, placeOrder: 0.05 },
    message: { ...PATIENT, openMail: 0.8 },
    deletesOnDay: null,
  },
  'curious, then gone': {
    people: 14,
    phases: [
      { fromDay: 0, visitsPerDay: 1.2 },
      { fromDay: 3, visitsPerDay: 0 },
    ],
    awake: DAYTIME,
    allowsPush: 0.3,
    visit: { createProject: 0.25, inviteTeammate: 0.05, placeOrder: 0.02 },
    message: { openMail: 0.2, followMail: 0.08, followPush: 0.06, clickCard: 0.3, unsubscribe: 0.1 },
    deletesOnDay: null,
  },
  'comes back': {
    people: 8,
    phases: [
      { fromDay: 0, visitsPerDay: 0.8 },
      { fromDay: 8, visitsPerDay: 0 },
      { fromDay: 38, visitsPerDay: 0.6 },
    ],
    awake: DAYTIME,
    allowsPush: 0.5,
    visit: { createProject: 0.4, inviteTeammate: 0.2, placeOrder: 0.05 },
    message: { openMail: 0.5, followMail: 0.15, followPush: 0.1, clickCard: 0.5, unsubscribe: 0.02 },
    deletesOnDay: null,
  },
  'night owl': {
    people: 6,
    phases: [{ fromDay: 0, visitsPerDay: 0.9 }],
    awake: [21, 28],
    allowsPush: 0.6,
    visit: { createProject: 0.35, inviteTeammate: 0.15, placeOrder: 0.08 },
    message: PATIENT,
    deletesOnDay: null,
  },
  'opts out': {
    people: 4,
    phases: [
      { fromDay: 0, visitsPerDay: 0.9 },
      { fromDay: 6, visitsPerDay: 0.15 },
    ],
    awake: DAYTIME,
    allowsPush: 0.2,
    visit: { createProject: 0.3, inviteTeammate: 0.05, placeOrder: 0.05 },
    message: { openMail: 0.9, followMail: 0.05, followPush: 0.05, clickCard: 0.2, unsubscribe: 0.9 },
    deletesOnDay: null,
  },
  'orders often': {
    people: 5,
    phases: [{ fromDay: 0, visitsPerDay: 0.7 }],
    awake: DAYTIME,
    allowsPush: 0.5,
    visit: { createProject: 0.15, inviteTeammate: 0.1, placeOrder: 0.6 },
    message: PATIENT,
    deletesOnDay: null,
  },
  'deletes the account': {
    people: 2,
    phases: [{ fromDay: 0, visitsPerDay: 0.6 }],
    awake: DAYTIME,
    allowsPush: 0.4,
    visit: { createProject: 0.3, inviteTeammate: 0.1, placeOrder: 0.1 },
    message: { ...PATIENT, unsubscribe: 0.3 },
    deletesOnDay: 18,
  },
} as const satisfies Readonly<Record<string, Habit>>;

export type HabitName = keyof typeof HABITS;

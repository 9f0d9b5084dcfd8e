/** Tells a person what is going on, one line at a time. */
export type Report = (line: string) => void;

import type { ChannelName } from '../../engine/model/state';
import type { AnswersRead } from '../../store/answers-read';
import type { Template } from './template';
import { TemplateError } from './template-error';

/** The names of the steps with answers that a template reads; true if it may read any. */
export function stepsRead({ fields }: Pick<Template<unknown>, 'fields'>): readonly string[] | true {
  const paths = Object.values(fields).flatMap(({ variables }) => variables.map(({ path }) => path));
  const names = paths.flatMap(([root, step]) => (root === 'steps' ? [step] : []));
  return names.every((name) => typeof name === 'string') ? [...new Set(names)] : true;
}

/** The names of the steps with answers that any of the templates reads; true if one may read any. One with an error reads none. */
export function stepsReadByAny(templates: readonly (Template<unknown> | TemplateError)[]): readonly string[] | true {
  const read = templates.flatMap((one) => (one instanceof TemplateError ? [] : [stepsRead(one)]));
  return read.includes(true) ? true : [...new Set(read.flatMap((names) => (names === true ? [] : names)))];
}

/** A template, and what it reads. */
export interface Reading {
  /** Null for a shared template. */
  readonly journey: string | null;
  readonly channel: ChannelName;
  readonly name: string;
  readonly steps: readonly string[] | true;
}

/** What the templates read, without those that read nothing, unless one takes the place of a shared template that does. */
export function answersRead(readings: readonly Reading[]): AnswersRead {
  const reads = readings.filter(({ steps }) => steps === true || steps.length > 0);
  const shared = new Set(reads.filter(({ journey }) => journey === null).map(fileOf));
  const kept = readings.filter((one) => reads.includes(one) || (one.journey !== null && shared.has(fileOf(one))));
  return Object.fromEntries(kept.map((one) => [`${one.journey ?? '*'}/${fileOf(one)}`, one.steps]));
}

function fileOf({ channel, name }: Reading): string {
  return `${channel}/${name}`;
}

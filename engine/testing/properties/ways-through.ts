import { isInstant } from '../../model/instant';
import { namedEvent } from './named-event';
import type { Node } from './plan';

/** The number of ways through these steps, without exits and goals: those that go on afterwards, and those that end in them. */
export function waysThrough(nodes: readonly Node[]): { readonly on: number; readonly ended: number } {
  return nodes.reduce(
    ({ on, ended }, node) => {
      if (node.kind === 'exit') return { on: 0, ended: ended + on };
      if (!('then' in node)) return { on: isSkippable(node) || node.kind === 'start' ? on * 2 : on, ended };
      const then = waysThrough(node.then);
      const otherwise = waysThrough(node.otherwise);
      const events = node.kind === 'waitFor' ? new Set(node.names.map(eventName)).size : 1;
      return {
        on: on * (events * then.on + otherwise.on),
        ended: ended + on * (events * then.ended + otherwise.ended),
      };
    },
    { on: 1, ended: 0 },
  );
}

/** Narrowed events of the same name are one way. */
function eventName(name: string): string {
  return namedEvent(name)?.name ?? name;
}

/** Is it an instant that is skipped if it is past? */
function isSkippable(node: Node): boolean {
  return node.kind === 'sleepUntil' && isInstant(node.when) && node.ifPast === 'skip';
}

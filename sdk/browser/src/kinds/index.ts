import type { Renderer } from '../renderer';
import type { Kind } from '../wire';

export { configure } from './settings';

/** Loads the renderer of a kind. Each is a file of its own, loaded when its first message is shown. A card is shown by the inbox. */
export const renderers: Readonly<Partial<Record<Kind, () => Promise<Renderer>>>> = {
  banner: async () => (await import('./banner')).banner,
  modal: async () => (await import('./modal')).modal,
  'slide-in': async () => (await import('./slide-in')).slideIn,
  prompt: async () => (await import('./slide-in')).slideIn,
  tip: async () => (await import('./tip')).tip,
  survey: async () => (await import('./survey')).survey,
  rating: async () => (await import('./rating')).rating,
  poll: async () => (await import('./poll')).poll,
  quiz: async () => (await import('./quiz')).quiz,
  progress: async () => (await import('./progress')).progress,
  checklist: async () => (await import('./checklist')).checklist,
  celebration: async () => (await import('./celebration')).celebration,
};

/** Defines `<sojourn-inbox>` and `<sojourn-profile>`. The client calls it once such an element is in the page. */
export async function loadWidgets(): Promise<void> {
  (await import('./widgets')).defineWidgets();
}

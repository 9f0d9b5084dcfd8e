/** A message counts as seen once half of it was visible for this long. */
const SEEN_MS = 1_000;

/**
 * Calls a function once at least half of an element has been visible for a second without a break.
 * @returns what ends the watch
 */
export function watchSeen(element: Element, onSeen: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let half = false;
  const check = (): void => {
    clearTimeout(timer);
    if (half && document.visibilityState === 'visible') timer = setTimeout(seen, SEEN_MS);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      half = (entries.at(-1)?.intersectionRatio ?? 0) >= 0.5;
      check();
    },
    { threshold: 0.5 },
  );
  const stop = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('visibilitychange', check);
  };
  const seen = (): void => {
    stop();
    onSeen();
  };
  observer.observe(element);
  document.addEventListener('visibilitychange', check);
  return stop;
}

/** Pixels between the anchor and what stands beside it, and between that and the edge of the screen. */
const GAP = 12;
const MARGIN = 8;

/** How often it is looked where the anchor is: an anchor may move with no event that tells it. */
const FOLLOW_MS = 200;

/**
 * Keeps a box below its anchor, or above where there is more room, and on the screen. The box gets its place by the custom properties
 * `--_top`, `--_left` and `--_arrow`, its side by the attribute `side`, and the attribute `away` while the anchor is not on the screen.
 * @param signal ends it
 * @param inLine whether the box is in line with an edge of the anchor, and not with its middle
 */
export function keepBeside(anchor: () => Element | null, box: HTMLElement, signal: AbortSignal, inLine = false): void {
  const move = () => {
    const at = anchor()?.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const there =
      at && (at.width || at.height) && at.bottom > 0 && at.top < clientHeight && at.right > 0 && at.left < clientWidth;
    box.toggleAttribute('away', !there);
    if (!there) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = clientHeight - at.bottom;
    const above = below < height + GAP + MARGIN && at.top > below;
    const middle = (at.left + at.right) / 2;
    const edge = middle > clientWidth / 2 ? at.right - width : at.left;
    const left = Math.max(MARGIN, Math.min(inLine ? edge : middle - width / 2, clientWidth - width - MARGIN));
    box.setAttribute('side', above ? 'above' : 'below');
    for (const [name, value] of Object.entries({
      top: Math.max(MARGIN, above ? at.top - GAP - height : at.bottom + GAP),
      left,
      arrow: Math.max(16, Math.min(middle - left, width - 16)),
    }))
      box.style.setProperty(`--_${name}`, `${value}px`);
  };
  addEventListener('resize', move, { signal });
  addEventListener('scroll', move, { capture: true, passive: true, signal });
  const timer = setInterval(move, FOLLOW_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  move();
}

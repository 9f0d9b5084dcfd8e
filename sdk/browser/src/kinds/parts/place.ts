/** Pixels between the anchor and what stands beside it, and between that and the edge of the screen. */
const GAP = 12;
const MARGIN = 8;

export interface Place {
  readonly top: number;
  readonly left: number;
  readonly side: 'above' | 'below';
  /** Where the arrow points, from the left edge of the box. */
  readonly arrow: number;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Places a box below its anchor, or above where there is more room, and keeps it on the screen. In pixels of the screen.
 * @param towards the edge of the anchor with which the box is in line, or its middle
 */
export function placeBeside(
  anchor: Box,
  box: { readonly width: number; readonly height: number },
  screen: { readonly width: number; readonly height: number },
  towards: 'middle' | 'left' | 'right' = 'middle',
): Place {
  const below = screen.height - anchor.bottom;
  const side = below < box.height + GAP + MARGIN && anchor.top > below ? 'above' : 'below';
  const middle = (anchor.left + anchor.right) / 2;
  const wanted = { middle: middle - box.width / 2, left: anchor.left, right: anchor.right - box.width }[towards];
  const left = Math.max(MARGIN, Math.min(wanted, screen.width - box.width - MARGIN));
  return {
    left,
    top: side === 'below' ? anchor.bottom + GAP : anchor.top - GAP - box.height,
    side,
    arrow: Math.max(16, Math.min(middle - left, box.width - 16)),
  };
}

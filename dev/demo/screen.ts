/** A place to show a table that changes. */
export interface Screen {
  /** Shows the current table. */
  show(lines: readonly string[]): void;
}

/** Without a terminal, the least time between two tables, real milliseconds. */
const EVERY_MS = 10_000;
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/** Creates a screen. On a terminal it redraws the table in place. Elsewhere it prints the table every ten seconds. */
export function createScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? terminal(out) : printer(out);
}

function terminal(out: NodeJS.WriteStream): Screen {
  let first = true;
  return {
    show: (lines) => {
      // Scrolls the previous output out of view instead of overwriting it.
      if (first) out.write('\n'.repeat(out.rows));
      first = false;
      const visible = lines.slice(0, out.rows - 1).map((line) => line.slice(0, out.columns) + CLEAR_LINE);
      out.write(`${HOME}${visible.join('\n')}\n${CLEAR_BELOW}`);
    },
  };
}

function printer(out: NodeJS.WriteStream): Screen {
  let shownAt = 0;
  return {
    show: (lines) => {
      if (Date.now() - shownAt < EVERY_MS) return;
      shownAt = Date.now();
      out.write(`\n${lines.join('\n')}\n`);
    },
  };
}

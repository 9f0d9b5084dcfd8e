import { resolve } from 'node:path';
import { report, runInForeground } from '../foreground';
import { board } from './board';
import { runDemo } from './run';
import { createScreen } from './screen';
import { summary } from './summary';

const FOLDER = resolve('.sojourn', 'demo');
const PEOPLE = 60;
const DAYS = 60;

// `npm run demo`: simulates sixty people for sixty days on the stack of `npm start`, in a few minutes.
runInForeground(async (teardown) => {
  const screen = createScreen(process.stdout);
  const demo = await runDemo(teardown, {
    folder: FOLDER,
    size: PEOPLE,
    days: DAYS,
    report,
    watch: (frame) => screen.show(board(frame)),
  });
  console.log(`\n${await summary(demo)}`);
  const stays = process.stdout.isTTY && !process.argv.includes('--exit');
  if (stays)
    console.log('Everything keeps running, now in real time. Press Ctrl-C to stop. The next demo starts from scratch.');
  return stays ? 'stay' : 'done';
});

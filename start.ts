import { dev } from './cli/dev';

// `npm start` is `sojourn dev`. What is behind `--` are its options: `npm start -- --speed 3600`.
void dev.name('npm start --').parseAsync();

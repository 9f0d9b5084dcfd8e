import { readConfig } from '../../config/env';
import { startServer } from '../../server';
import { runPart } from '../part';

runPart(() => startServer(readConfig(process.env)));

import { startServer } from '../../server';
import { runPart } from '../part';
import { benchConfig } from './config';

runPart(() => startServer(benchConfig()));

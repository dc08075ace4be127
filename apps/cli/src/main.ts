import { endOnBrokenPipe, endProcess } from './end-process.ts';
import { report, runProgram } from './program.ts';

endOnBrokenPipe();
// Whatever escapes is one line too. Only once: what the report throws is shown by Node.
process.once('uncaughtException', (error) => void report(error).then(endProcess));
await endProcess(await runProgram(process.argv.slice(2)));

/**
 * Ends the process with this code as soon as its output is written, whatever is still going on in it.
 *
 * A name lookup that gets no answer sits in a thread which Node waits for at exit, 10 s and more on a machine whose DNS is dead.
 * There the process is replaced by a shell that only exits, where the system can do that.
 */
export async function endProcess(code: number): Promise<never> {
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  const isLookingUp = process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap');
  // Not on Windows, nor before Node 22.15.
  if (isLookingUp && typeof process.execve === 'function') {
    process.execve('/bin/sh', ['sh', '-c', `exit ${code}`]);
  }
  process.exit(code);
}

/** Ends the process at once, as Ctrl-C does when nobody handles it. Shells report 130. */
export function endByInterrupt(): void {
  // What a spinner or a line editor changed would outlive the process.
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h');
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

/**
 * A reader that left (`| head -1`) has what it wanted: the process ends quietly, and with it the request to the vendor.
 * Nobody can be told when it is stderr that is gone.
 */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return void endProcess(0);
    process.stderr.write(`error: stdout cannot be written (${error.code}).\n`);
    void endProcess(1);
  });
  process.stderr.on('error', () => {});
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}

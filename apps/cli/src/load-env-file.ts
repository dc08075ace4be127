/** Reads `.env` in the current folder, if there is one. Variables that are set already stay as they are. */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // What Node throws for a file.
    if (code !== 'ENOENT') process.stderr.write(`warning: .env was not read: ${message}\n`);
  }
}

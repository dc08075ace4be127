import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeVendor, FakeVendorScript } from '@anyturn/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runCli, spawnCli } from '../spawn-cli.ts';

// Every test starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

describe('piped in', () => {
  test('each line is a turn, and the model gets the turns before it', async () => {
    const vendor = await startVendor([reply.text('Hello Ada.'), reply.text('Ada.')]);
    const { exitCode, stdout, stderr } = await chat(vendor, 'I am Ada.\n\nWho am I?\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Hello Ada.\nAda.\n' });
    expect(stderr).not.toContain('> ');
    expect(rolesAndTexts(vendor, 1)).toEqual([
      ['user', 'I am Ada.'],
      ['assistant', 'Hello Ada.'],
      ['user', 'Who am I?'],
    ]);
  });

  test('/clear forgets, /usage adds up, /model changes the model, /exit ends', async () => {
    const vendor = await startVendor(() => reply.text('Hi.'));
    const lines = [
      'One',
      '/clear',
      'Two',
      '/model custom/other',
      'Three',
      '/usage',
      '/exit',
      'Four',
    ];
    const { exitCode, stdout, stderr } = await chat(vendor, lines.join('\n'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Hi.\nHi.\nHi.\n' });
    expect(rolesAndTexts(vendor, 1)).toEqual([['user', 'Two']]);
    expect(vendor.requests[2]?.body).toMatchObject({ model: 'other' });
    expect(stderr).toContain('Model: custom/other.');
    expect(stderr).toMatch(/3 turns, \d+ tokens in \+ \d+ out.*, cost unknown/);
  });

  test('/help and unknown commands are answered, and nothing is sent', async () => {
    const vendor = await startVendor([]);
    const { stderr } = await chat(vendor, '/help\n/hepl\n');
    expect(stderr).toContain('/clear           forget the conversation');
    expect(stderr).toContain('There is no command /hepl. /help lists them.');
    expect(vendor.requests).toEqual([]);
  });

  test('a failed turn is told and not kept, and the chat goes on', async () => {
    const vendor = await startVendor([reply.status(400), reply.text('Better.')]);
    const { exitCode, stdout, stderr } = await chat(vendor, 'Bad\nGood\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Better.\n' });
    expect(stderr).toMatch(/error: /);
    expect(rolesAndTexts(vendor, 1)).toEqual([['user', 'Good']]);
  });

  test('an answer cut at its output limit is told also with -q, and its exit code is that of the chat', async () => {
    const vendor = await startVendor([reply.text('one two', { finishReason: 'length' })]);
    const { exitCode, stdout, stderr } = await chat(vendor, 'Count\n', ['-q']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 4,
      stdout: 'one two\n',
      stderr: 'The answer reached its limit of output tokens; raise --max-tokens.\n',
    });
  });

  test('a last turn that failed is the exit code', async () => {
    const vendor = await startVendor([reply.text('Hi.'), reply.status(401)]);
    expect((await chat(vendor, 'One\nTwo\n')).exitCode).toBe(3);
  });

  test('a model that cannot be opened leaves the one there is', async () => {
    const vendor = await startVendor([reply.text('Still here.')]);
    const { stdout, stderr } = await chat(vendor, '/model deepseek\nHello\n');
    expect(stdout).toBe('Still here.\n');
    expect(stderr).toContain('error: No API key for deepseek.');
  });

  test('a line of 2 MB is refused, and the chat goes on', async () => {
    const vendor = await startVendor([reply.text('Short.')]);
    const { stdout, stderr } = await chat(vendor, `${'x'.repeat(2_000_000)}\nshort\n`);
    expect(stdout).toBe('Short.\n');
    expect(stderr).toContain('error: The prompt is larger than 1 MB.');
  });

  test('of a long chat the oldest turns are no longer sent along', async () => {
    const vendor = await startVendor(() => reply.text('Yes.'));
    const lines = Array.from({ length: 103 }, (_, index) => `Line ${index}`);
    const { stderr } = await chat(vendor, lines.join('\n'));
    const sent = rolesAndTexts(vendor, 102);
    expect([sent.length, sent[0], sent.at(-1)]).toEqual([
      201,
      ['user', 'Line 2'],
      ['user', 'Line 102'],
    ]);
    expect(stderr.match(/The chat is long/g)).toHaveLength(1);
  });

  test('the demo model chats without a key', async () => {
    const { exitCode, stdout } = await runCli(['chat'], { stdin: 'What is 17*23?\nAnd 2+2?\n' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('391');
  });
});

describe('Ctrl-C', () => {
  test('stops the answer and keeps it as far as it came; the chat goes on', async () => {
    const vendor = await startVendor([
      reply.text('one two three', { stallAfter: 3 }),
      reply.text('Yes.'),
    ]);
    const cli = spawnCli(['chat'], { env: vendorEnv(vendor), stdin: null });
    cli.child.stdin?.write('Count\n');
    await cli.printed('stdout', 'two');
    cli.child.kill('SIGINT');
    await cli.printed('stderr', 'Stopped.');
    cli.child.stdin?.end('Did you stop?\n');
    const { exitCode, stdout } = await cli.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'one two\nYes.\n' });
    expect(rolesAndTexts(vendor, 1)).toEqual([
      ['user', 'Count'],
      ['assistant', 'one two'],
      ['user', 'Did you stop?'],
    ]);
  });

  test('twice ends the chat with 130', async () => {
    const vendor = await startVendor([]);
    const cli = spawnCli(['chat'], { env: vendorEnv(vendor), stdin: null });
    cli.child.stdin?.write('/usage\n');
    await cli.printed('stderr', '0 turns');
    cli.child.kill('SIGINT');
    await cli.printed('stderr', 'Press Ctrl-C again');
    cli.child.kill('SIGINT');
    expect((await cli.ended).exitCode).toBe(130);
  });
});

const vendors: FakeVendor[] = [];
afterEach(async () => {
  await Promise.all(vendors.splice(0).map((vendor) => vendor.close()));
});

async function startVendor(script: FakeVendorScript): Promise<FakeVendor> {
  const vendor = await createFakeVendor({ script });
  vendors.push(vendor);
  return vendor;
}

function vendorEnv({ baseURL, modelId }: FakeVendor): Record<string, string> {
  return { ANYTURN_MODEL: `custom/${modelId}`, ANYTURN_BASE_URL: baseURL };
}

function chat(vendor: FakeVendor, stdin: string, flags: readonly string[] = []) {
  return runCli(['chat', ...flags], { env: vendorEnv(vendor), stdin });
}

/** The conversation of one request, without the instructions. */
function rolesAndTexts({ requests }: FakeVendor, index: number): [string, string][] {
  const body = requests[index]?.body as { messages?: { role: string; content: string }[] };
  return (body.messages ?? [])
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => [role, content]);
}

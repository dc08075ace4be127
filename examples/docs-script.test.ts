import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const example = `// How to run it.

import { a } from 'a';

if (a) {
  // #region call
  a('$&');
  // #endregion
}
`;

test('a block under a mark gets the code of the example, without the comment at its head', () => {
  const root = folder({
    'examples/a.ts': example,
    'README.md': '# A\n\n<!-- example: a.ts -->\n\n```ts\nold\n```\n\nText.\n',
  });

  expect(docs(root)).toEqual({ status: 0, stdout: 'README.md: updated\n', stderr: '' });

  expect(read(root, 'README.md')).toBe(
    "# A\n\n<!-- example: a.ts -->\n\n```ts\nimport { a } from 'a';\n\nif (a) {\n  a('$&');\n}\n```\n\nText.\n",
  );
  expect(docs(root, '--check').status).toBe(0);
});

test('a mark with a region gets the lines of that region', () => {
  const root = folder({
    'examples/a.ts': example,
    'docs/zh/a.md': '<!-- example: a.ts#call -->\n```ts\n```\n',
  });

  docs(root);

  expect(read(root, 'docs/zh/a.md')).toBe("<!-- example: a.ts#call -->\n```ts\na('$&');\n```\n");
});

test('--check names the files that differ and changes nothing', () => {
  const markdown = '<!-- example: a.ts -->\n```ts\nold\n```\n';
  const root = folder({ 'examples/a.ts': example, 'packages/core/README.md': markdown });

  const { status, stderr } = docs(root, '--check');

  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^packages\/core\/README\.md: its code differs/),
  });
  expect(read(root, 'packages/core/README.md')).toBe(markdown);
});

test('a missing example, a mark without a block and a dead link are named', () => {
  const root = folder({
    'examples/a.ts': example,
    'docs/a.md': [
      '[good](../README.md#part) [web](https://example.com) [here](#a) `[code](none.md)`',
      '[dead](gone.md "title") ![dead](/gone.png)',
      '<!-- example: b.ts -->\n```ts\n```',
      '<!-- example: a.ts#none -->\n```ts\n```',
      '<!-- example: a.ts -->\nno block',
      '[ref]: ../gone/README.md',
    ].join('\n\n'),
    'README.md': '',
  });

  const { status, stderr } = docs(root);

  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'docs/a.md: the example b.ts is not there',
    'docs/a.md: the example a.ts#none is not there',
    'docs/a.md: no fenced block follows the example a.ts',
    'docs/a.md: links to gone.md, which is not there',
    'docs/a.md: links to /gone.png, which is not there',
    'docs/a.md: links to ../gone/README.md, which is not there',
  ]);
});

test('marks and links inside other blocks are text', () => {
  const markdown = '````md\n<!-- example: none.ts -->\n```ts\nkept\n```\n[dead](gone.md)\n````\n';
  const root = folder({ 'README.md': markdown });

  expect(docs(root)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(read(root, 'README.md')).toBe(markdown);
});

test('a folder without Markdown is fine', () => {
  expect(docs(folder({}), '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
});

function folder(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'anyturn-docs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function docs(root: string, ...options: string[]) {
  const script = join(import.meta.dirname, '../scripts/docs.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, '--root', root, ...options],
    { encoding: 'utf8', env: {} },
  );
  return { status, stdout, stderr };
}

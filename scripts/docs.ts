/**
 * Keeps the Markdown files honest.
 *
 *     node scripts/docs.ts            writes the code of the examples into them
 *     node scripts/docs.ts --check    writes nothing; exits with 1 when anything differs
 *     --root <folder>                 another folder than this repository
 *
 * A line `<!-- example: 02-own-tool.ts -->` with a fenced block below it takes the code of that file in `examples/`.
 * `02-own-tool.ts#tool` takes only the lines between `// #region tool` and `// #endregion`: whole statements, so that
 * the formatter finds nothing to change in the Markdown. The comment at the head of an example says how to run it in this
 * repository, and is left out.
 *
 * Both ways also exit with 1 for an example that is not there, or a relative link to a file that is not there.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
});
const root = resolve(values.root ?? join(import.meta.dirname, '..'));

const markdownFiles = ['*.md', 'docs/**/*.md', '{packages,apps}/*/README.md', 'examples/*.md'];
const problems: string[] = [];

for (const file of globSync(markdownFiles, { cwd: root }).toSorted()) {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  const after = fillExamples(before, (problem) => problems.push(`${file}: ${problem}`));
  for (const target of brokenLinks(after, path)) {
    problems.push(`${file}: links to ${target}, which is not there`);
  }
  if (after === before) continue;
  if (values.check) {
    problems.push(`${file}: its code differs from the examples; run "node scripts/docs.ts"`);
  } else {
    writeFileSync(path, after);
    console.log(`${file}: updated`);
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** The Markdown with every marked block replaced by the code it names. Marks inside other blocks are text. */
function fillExamples(markdown: string, onProblem: (problem: string) => void): string {
  const blockOrLoneMark =
    /(?:^<!-- example: (?<name>\S+) -->(?<gap>\s*))?^(?<fence>`{3,}|~{3,})(?<info>.*)\n[^]*?^\k<fence>[ \t]*$|^<!-- example: (?<lone>\S+) -->/gm;
  return markdown.replace(blockOrLoneMark, (block, ...rest) => {
    const { name, gap, fence, info, lone } = rest.at(-1) as Record<string, string | undefined>;
    if (lone !== undefined) onProblem(`no fenced block follows the example ${lone}`);
    if (name === undefined) return block;
    const code = findCode(name);
    if (code === undefined) onProblem(`the example ${name} is not there`);
    return code === undefined
      ? block
      : `<!-- example: ${name} -->${gap}${fence}${info}\n${code}\n${fence}`;
  });
}

/** The code of `file.ts` or `file.ts#region`; undefined when there is no such file or region. */
function findCode(name: string): string | undefined {
  const [file = '', region] = name.split('#');
  const path = join(root, 'examples', file);
  if (!existsSync(path)) return undefined;
  const source = readFileSync(path, 'utf8');
  const code = region === undefined ? withoutHead(source) : findRegion(source, region);
  return code === undefined
    ? undefined
    : dedent(code.replace(/^[ \t]*\/\/ #(?:end)?region.*\n?/gm, ''));
}

/** Leaves out the comment lines at the top, up to the first empty line. */
function withoutHead(source: string): string {
  return source.replace(/^(?:\/\/.*\n)+\n/, '');
}

function findRegion(source: string, region: string): string | undefined {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  if (start < 0) return undefined;
  const length = lines.slice(start).findIndex((line) => line.trim() === '// #endregion');
  return length < 0 ? undefined : lines.slice(start + 1, start + length).join('\n');
}

function dedent(code: string): string {
  const lines = code
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indents = lines.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** Targets of relative links and images, of either syntax, that do not exist. Code is not looked at. */
function brokenLinks(markdown: string, path: string): string[] {
  const text = markdown
    .replace(/^[ \t]*(`{3,}|~{3,})[^]*?^[ \t]*\1[ \t]*$/gm, '')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/(`+)(?:(?!\n\n)[^])*?\1/g, '');
  const links = [
    /\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g,
    /^[ \t]*\[[^\]]+\]:[ \t]*<?([^\s>]+)/gm,
    /\s(?:href|src)="([^"]+)"/g,
  ];
  const targets = links.flatMap((link) =>
    [...text.matchAll(link)].map(([, target = '']) => target),
  );
  return [...new Set(targets)].filter(
    (target) =>
      !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(target) && !existsSync(toPath(target, path)),
  );
}

/** Where a link leads: from the root when it begins with `/`, else from the folder of its file. */
function toPath(target: string, from: string): string {
  const file = target.replace(/[?#].*$/, '').replace(/%20/g, ' ');
  return file.startsWith('/') ? join(root, file) : join(dirname(from), file);
}

/** One case, and what came of it on each surface: how often the vendor was asked, and the result. */
export interface ReportRow {
  name: string;
  group: string;
  description: string;
  told: Record<string, string>;
}

/** The page that tells what was measured: counts and results, no timings. */
export function renderReport(rows: readonly ReportRow[]): string {
  const surfaces = [...new Set(rows.flatMap(({ told }) => Object.keys(told)))];
  const checks = rows.length * surfaces.length;
  const groups = Map.groupBy(rows, ({ group }) => group);
  return [
    '# What happens when a vendor fails',
    '',
    `${rows.length} situations, each met by ${surfaces.length} surfaces: ${checks} checks. This page is written by \`pnpm docs:reliability\`, from`,
    'what a vendor on loopback was asked and what the consumer got; the tests refuse a page that differs from what they measure.',
    '',
    'Each cell says how many requests the vendor got for one question, and what came of it: `answer` is the whole answer, a code is that of',
    'the `AnyturnError` it ended with, anything else is a finish reason. `streamText` is the SDK with `openModel()`; a run may also ask again for',
    'what was cut after its first word. Try them: `anyturn fake-vendor --case <name>` (all but the last group).',
    ...[...groups].flatMap(([group, members]) => [
      '',
      `## ${group}`,
      '',
      ...table(members, surfaces),
    ]),
    '',
  ].join('\n');
}

function table(rows: readonly ReportRow[], surfaces: readonly string[]): string[] {
  const head = ['case', 'what the vendor does', ...surfaces.map((surface) => `\`${surface}\``)];
  const body = rows.map(({ name, description, told }) => [
    `\`${name}\``,
    description.replaceAll('|', '\\|').replaceAll(/[<_*]/g, '\\$&').replaceAll('\n', ' '),
    ...surfaces.map((surface) => told[surface] ?? ''),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - cell.length)).join(' | ')} |`;
  return [
    line(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body.map(line),
  ];
}

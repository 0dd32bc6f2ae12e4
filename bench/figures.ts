/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'x' | 'ms' | 'MB' | 's' | 'calls';
  /** What it must not exceed (`most`) or fall short of (`least`). */
  readonly target?: { readonly most: number } | { readonly least: number };
  /** What it was measured against, and the numbers behind it. */
  readonly basis: string;
}

/** True where a figure has no target or meets it. */
export function meets({ value, target }: Figure): boolean {
  if (target === undefined) return true;
  return 'most' in target ? value <= target.most : value >= target.least;
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${figure.unit === 'calls' ? figure.value : show(figure.value)} ${figure.unit}`,
    figure.target === undefined ? '' : 'most' in figure.target ? `<= ${figure.target.most}` : `>= ${figure.target.least}`,
    figure.target === undefined ? '' : meets(figure) ? 'met' : 'MISSED',
    figure.basis,
  ]);
  const all = [['figure', 'value', 'target', '', 'basis'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Milliseconds for a basis. */
export function ms(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

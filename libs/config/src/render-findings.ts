import type { Finding } from './configuration-error.js';

interface Findings {
  readonly mistakes: readonly Finding[];
  readonly warnings: readonly Finding[];
}

function renderFinding(label: string, finding: Finding): string {
  const { variable, problem, suggestion, example, source } = finding;
  const lines = [`${label}  ${variable}: ${problem}`];
  if (suggestion !== undefined) lines.push(`         Did you mean ${suggestion}?`);
  if (example !== undefined) lines.push(`         Example: ${example}`);
  if (source !== undefined) lines.push(`         Found in ${source}.`);
  return lines.join('\n');
}

/** The text for a terminal: each mistake and each warning with its example, suggestion and source; no final newline. */
export function renderFindings({ mistakes, warnings }: Findings): string {
  return [
    ...mistakes.map((finding) => renderFinding('mistake', finding)),
    ...warnings.map((finding) => renderFinding('warning', finding)),
  ].join('\n');
}

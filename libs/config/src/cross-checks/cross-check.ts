import type { Finding } from '../configuration-error.js';
import type { Values, VariableName } from '../schemas/catalogue.js';
import type { Environment } from '../schemas/setting.js';

/** A rule over several variables, or over one and the environment. */
export interface CrossCheck {
  readonly severity: 'mistake' | 'warning';
  /** The rule, for the reference. */
  readonly rule: string;
  /** The variables that must be loaded and right for the rule to be looked at; a finding is the first one's. */
  readonly variables: readonly [VariableName, ...VariableName[]];
  readonly find: (values: Values, environment: Environment) => Problem | false;
}

/** What is wrong with a combination, and an assignment that would make it right. */
export interface Problem {
  readonly problem: string;
  readonly example: string;
}

interface TypedCrossCheck<Name extends VariableName> extends CrossCheck {
  readonly variables: readonly [Name, ...Name[]];
  readonly find: (values: Pick<Values, Name>, environment: Environment) => Problem | false;
}

/** Makes a rule that sees only the variables that it names. */
export const crossCheck = <Name extends VariableName>(check: TypedCrossCheck<Name>): CrossCheck => check;

/** Runs the rules whose variables are all there. */
export function runCrossChecks(
  checks: readonly CrossCheck[],
  values: Partial<Values>,
  environment: Environment,
): { readonly mistakes: readonly Finding[]; readonly warnings: readonly Finding[] } {
  const findings = checks
    .filter(({ variables }) => variables.every((name) => name in values))
    .flatMap(({ severity, variables, find }) => {
      // A rule's type lets it look only at the variables whose presence has just been seen.
      const found = find(values as Values, environment);
      return found === false ? [] : [{ severity, finding: { variable: variables[0], ...found } }];
    });
  const only = (wanted: CrossCheck['severity']): readonly Finding[] =>
    findings.flatMap(({ severity, finding }) => (severity === wanted ? [finding] : []));
  return { mistakes: only('mistake'), warnings: only('warning') };
}

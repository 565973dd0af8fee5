import type { ServiceSettings } from '../messages.js';

/** Whether they agree in all that the supervisor cannot change while it runs: its ports and its log. */
export function sameFixedSettings(one: ServiceSettings, other: ServiceSettings): boolean {
  return fixed(one) === fixed(other);
}

function fixed({ name, host, port, managementHost, managementPort, logging }: ServiceSettings): string {
  return JSON.stringify([name, host, port, managementHost, managementPort, logging]);
}

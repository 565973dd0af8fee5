import type { IngestConfig } from '@app/config';
import { AppError } from '@app/errors';
import type { DatastoreState, DatastoreStates } from '@app/lifecycle';
import { marketDataErrors } from '../market-data.errors.js';

/** Lets trades through only while Redis keeps what it has taken, as far as INGEST_DURABILITY asks for that. */
export class DurabilityGate {
  readonly #durability: IngestConfig['durability'];
  #facts: DatastoreState['facts'];

  constructor(durability: IngestConfig['durability'], datastores: DatastoreStates) {
    this.#durability = durability;
    this.#facts = datastores.get('redis').facts;
    // A failed check brings no facts; what was seen last holds until the next good one.
    datastores.onUpdate((name) => {
      if (name === 'redis') this.#facts = datastores.get('redis').facts ?? this.#facts;
    });
  }

  /** Throws an AppError `redis_not_durable`. */
  check(): void {
    if (this.#durability === 'memory') return;
    const faults: string[] = [];
    if (this.#facts === undefined) faults.push('its settings are not known yet');
    else {
      const { appendonly, maxmemory_policy: policy } = this.#facts;
      if (appendonly !== true) faults.push('it runs without appendonly');
      if (policy !== 'noeviction') faults.push(`it may evict keys (maxmemory-policy ${String(policy)})`);
    }
    if (faults.length === 0) return;
    const detail = `Redis may lose trades that it has taken: ${faults.join(' and ')}.`;
    throw new AppError(marketDataErrors.redis_not_durable, detail);
  }
}

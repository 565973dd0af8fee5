import { DatastoreError, type DatastoreName } from '@app/errors';
import { type DatastoreState, Lifecycle } from '@app/lifecycle';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { requiredDatastores, requiredWritableDatastores } from './required-datastores.js';

type Need = 'up' | 'writable';

/** Lets a route that has `@RequiresDatastores()` pass only while what it needs works. */
@Injectable()
export class DatastoreGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #lifecycle: Lifecycle;

  constructor(reflector: Reflector, lifecycle: Lifecycle) {
    this.#reflector = reflector;
    this.#lifecycle = lifecycle;
  }

  /** Throws a DatastoreError that names the first datastore that does not work. */
  canActivate(context: ExecutionContext): boolean {
    this.#check(context, requiredDatastores, 'up');
    this.#check(context, requiredWritableDatastores, 'writable');
    return true;
  }

  #check(context: ExecutionContext, key: symbol, need: Need): void {
    const targets = [context.getHandler(), context.getClass()];
    for (const name of this.#reflector.getAllAndMerge<DatastoreName[]>(key, targets)) {
      const state = this.#lifecycle.datastores.get(name);
      if (!suffices(state, need)) throw new DatastoreError(name, state.reason ?? 'unknown');
    }
  }
}

function suffices(state: DatastoreState, need: Need): boolean {
  return need === 'writable' ? state.writable : state.status !== 'down';
}

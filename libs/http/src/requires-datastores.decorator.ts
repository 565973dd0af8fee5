import type { DatastoreName } from '@app/errors';
import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { DatastoreGuard } from './datastore.guard.js';
import { requiredDatastores, requiredWritableDatastores } from './required-datastores.js';

/** The route, or each route of the controller, answers 503 while one of these datastores is down. */
export function RequiresDatastores(...names: readonly DatastoreName[]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(requiredDatastores, names), UseGuards(DatastoreGuard));
}

/** The route, or each route of the controller, answers 503 while one of these datastores cannot be written to. */
export function RequiresWritableDatastores(
  ...names: readonly DatastoreName[]
): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(requiredWritableDatastores, names), UseGuards(DatastoreGuard));
}

/** The metadata key under which the datastores stand that a route reads. */
export const requiredDatastores = Symbol('requiredDatastores');

/** The metadata key under which the datastores stand that a route writes to. */
export const requiredWritableDatastores = Symbol('requiredWritableDatastores');

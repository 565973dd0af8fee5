/** The metadata key under which a route's scope stands. */
export const requiredScope = Symbol('requiredScope');

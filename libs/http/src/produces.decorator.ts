import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** The metadata key under which the media types stand that a route answers with. */
export const producedMediaTypes = Symbol('producedMediaTypes');

/**
 * The media types that a route answers with, where it is not `application/json`, as `text/event-stream`.
 * A request that accepts none of them is answered with 406.
 */
export function Produces(...mediaTypes: readonly string[]): CustomDecorator<symbol> {
  return SetMetadata(producedMediaTypes, mediaTypes);
}

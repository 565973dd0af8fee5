/** The images that tests build on or run, by the variable with which the Compose files take them. */
export interface ImageNames {
  readonly NODE_IMAGE: string;
  readonly POSTGRES_IMAGE: string;
  readonly REDIS_IMAGE: string;
  readonly INFLUXDB_IMAGE: string;
  readonly HAPROXY_IMAGE: string;
}

/** How a client reaches an engine; plain data, so that it can be handed to another process. */
export interface EngineAccess {
  /** What `docker` and `docker compose` need, to be laid over the environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly images: ImageNames;
  /** The address at which published ports answer: a private engine's is not 127.0.0.1. */
  readonly host: string;
  /** With this begin the tags of the images that the run builds; they are removed at its end. */
  readonly run: string;
}

/** An engine that can run containers; for `await using`. */
export interface Engine extends EngineAccess, AsyncDisposable {}

export interface NoEngine {
  /** Why there is none, in one sentence. */
  readonly unavailable: string;
}

/** Why no engine can be had here: no fault of the program, but of the place. */
export class EngineUnavailableError extends Error {}

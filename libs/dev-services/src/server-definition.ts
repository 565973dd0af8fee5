import type { DevServerName, Progress } from './dev-server.js';
import type { Probe } from './probe.js';
import type { ServerUser } from './server-user.js';

/** A command line that starts the server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What distinguishes one kind of server from another, with its options worked in. */
export interface ServerDefinition {
  readonly name: DevServerName;
  readonly version: string;
  /** The name of the program that runs as the server. */
  readonly program: string;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  readonly user: ServerUser | undefined;
  readonly probe: Probe;
  /** Makes the folder ready, which exists and may hold the data of an earlier run; once per DevServer. */
  prepare(folder: string): Promise<void>;
  /** Before each start. */
  command(folder: string, port: number): Promise<ServerCommand>;
  url(folder: string, port: number): Promise<string>;
  /** After the last end: removes what a killed server leaves outside of its folder. */
  clear?(folder: string): Promise<void>;
}

/** What is around a server while it comes up. */
export interface Surroundings {
  /** Takes what is worth saying aloud. */
  readonly say: Progress;
  /** Breaks off what takes long. */
  readonly signal?: AbortSignal | undefined;
}

export type DevServerName = 'postgres' | 'redis' | 'influxdb' | 'victoria-metrics' | 'pgbouncer';

/** A real server that this process started and that ends with it, however it ends. */
export interface DevServer {
  readonly name: DevServerName;
  /** With the password where it has one. */
  readonly url: string;
  readonly version: string;
  readonly port: number;
  /** Of the present server process. */
  readonly pid: number;
  readonly dataDir: string;
  /** To the server process; STOP, CONT and KILL reach its children too. Throws when it does not run. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGTERM' | 'SIGHUP'): void;
  /** Again after it ended, on the same port and data; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it and, if it has a temporary data folder, removes that. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** A free one if it is not given. */
  readonly port?: number;
  /** Kept when the server stops; a temporary one, which is removed, if it is not given. */
  readonly dataDir?: string;
  /** Further arguments of the server's command line, which win over the preset ones. */
  readonly args?: readonly string[];
  /** Both in PEM; the server then takes connections with TLS only. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Added to the environment of the server, which is otherwise empty. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Takes a line about what happens while servers come up. */
export type Progress = (line: string) => void;

/** A whole answer. Header names are in lower case. */
export interface ManagementAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** The metrics in a text format. */
export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

/** What the management port answers; the functions are called once per request and should only read memory. */
export interface ManagementAnswers {
  /** 200 while a worker lives or is being restarted. */
  readonly livez: () => ManagementAnswer | Promise<ManagementAnswer>;
  /** 200 while a worker is ready. */
  readonly readyz: () => ManagementAnswer | Promise<ManagementAnswer>;
  /** 200 once started. */
  readonly startupz: () => ManagementAnswer | Promise<ManagementAnswer>;
  /** Without it `/metrics` is 404. */
  readonly metrics?: () => Promise<MetricsText>;
}

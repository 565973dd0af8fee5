import { HttpError } from '@influxdata/influxdb-client';
import { type InfluxCheck, type InfluxDialect, authorizationHeaders, versionOf } from './dialect.js';
import { NotInfluxdbError } from './errors.js';
import type { InfluxAnswer, InfluxHttp } from './http.js';
import type { InfluxClientOptions } from './options.js';
import { serverMessage } from './server-message.js';

/** Whether a refusal says that the thing asked for is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof HttpError && error.statusCode === 404 && serverMessage(error) !== undefined;

/** Servers that take API v2's writes alone, as VictoriaMetrics, do not know the paths of its administration. */
const isUnknownPath = (error: unknown): boolean =>
  error instanceof HttpError && [400, 404, 405].includes(error.statusCode);

const isForbidden = (error: unknown): boolean =>
  error instanceof HttpError && [401, 403].includes(error.statusCode);

/** What is read of the things in a list, here buckets and organizations. */
interface Item {
  readonly id: string;
  readonly orgID: string;
}

/** InfluxDB 2 and what takes its writes: buckets of an organization, `/api/v2/write`, a token. */
export class ApiV2 implements InfluxDialect {
  readonly api = 'v2';
  readonly writePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #bucket: string;
  readonly #org: string;

  constructor(options: InfluxClientOptions) {
    this.#bucket = options.database;
    this.#org = options.org ?? '';
    const target = { org: this.#org, bucket: this.#bucket, precision: 'ns' };
    this.writePath = `/api/v2/write?${new URLSearchParams(target).toString()}`;
    this.headers = authorizationHeaders('v2', options);
  }

  async check(http: InfluxHttp, signal: AbortSignal): Promise<InfluxCheck> {
    try {
      const answer = await this.#get(http, '/api/v2/buckets', { name: this.#bucket, limit: '1' }, signal);
      return { version: versionOf(answer), databaseThere: listOf(answer, 'buckets').length > 0 };
    } catch (error) {
      if (isMissing(error)) return { version: undefined, databaseThere: false };
      if (!isUnknownPath(error)) throw error;
      return this.#checkByWrite(http, signal);
    }
  }

  /** Nothing is written; a server that takes API v2's writes says 204. */
  async #checkByWrite(http: InfluxHttp, signal: AbortSignal): Promise<InfluxCheck> {
    const request = { method: 'POST', path: this.writePath, headers: this.headers, signal } as const;
    const answer = await http.request(request);
    if (answer.status !== 204) throw new NotInfluxdbError(`Status ${answer.status} to an empty write`);
    return { version: undefined, databaseThere: undefined };
  }

  async ensureDatabase(http: InfluxHttp, signal: AbortSignal): Promise<boolean> {
    let bucket: Item | undefined;
    try {
      bucket = (await this.#findBucket(http, signal)) ?? (await this.#createBucket(http, signal));
    } catch (error) {
      if (isUnknownPath(error)) return false;
      throw error;
    }
    if (bucket === undefined) return false;
    await this.#ensureMapping(http, bucket, signal);
    return true;
  }

  async #findBucket(http: InfluxHttp, signal: AbortSignal): Promise<Item | undefined> {
    try {
      const answer = await this.#get(http, '/api/v2/buckets', { name: this.#bucket }, signal);
      return listOf(answer, 'buckets')[0];
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #createBucket(http: InfluxHttp, signal: AbortSignal): Promise<Item | undefined> {
    try {
      const orgs = await this.#get(http, '/api/v2/orgs', {}, signal);
      const orgID = listOf(orgs, 'orgs')[0]?.id;
      if (orgID === undefined) return undefined;
      const bucket = { orgID, name: this.#bucket, retentionRules: [] };
      return JSON.parse((await this.#post(http, '/api/v2/buckets', bucket, signal)).body) as Item;
    } catch (error) {
      if (isForbidden(error)) return undefined;
      // Another process was first.
      if (error instanceof HttpError && error.statusCode === 422) return this.#findBucket(http, signal);
      throw error;
    }
  }

  /** InfluxQL finds a bucket by a mapping from a database's name; newer servers have one by themselves. */
  async #ensureMapping(http: InfluxHttp, bucket: Item, signal: AbortSignal): Promise<void> {
    const { id: bucketID, orgID } = bucket;
    const database = this.#bucket;
    try {
      const answer = await this.#get(http, '/api/v2/dbrps', { orgID, db: database }, signal);
      if (listOf(answer, 'content').length > 0) return;
      const mapping = { orgID, bucketID, database, retention_policy: 'autogen', default: true };
      await this.#post(http, '/api/v2/dbrps', mapping, signal);
    } catch (error) {
      // Writes work without it, and queries say so where there is none.
      if (!isForbidden(error) && !isUnknownPath(error)) throw error;
    }
  }

  #get(
    http: InfluxHttp,
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<InfluxAnswer> {
    const search = new URLSearchParams({ ...(this.#org === '' ? {} : { org: this.#org }), ...query });
    return http.request({
      method: 'GET',
      path: `${path}?${search.toString()}`,
      headers: this.headers,
      signal,
    });
  }

  #post(http: InfluxHttp, path: string, body: object, signal: AbortSignal): Promise<InfluxAnswer> {
    const headers = { ...this.headers, 'content-type': 'application/json' };
    return http.request({ method: 'POST', path, headers, body: JSON.stringify(body), signal });
  }
}

function listOf(answer: InfluxAnswer, key: string): readonly Item[] {
  try {
    const body = JSON.parse(answer.body) as Readonly<Record<string, readonly Item[] | undefined>>;
    const list = body[key];
    if (Array.isArray(list)) return list;
  } catch (error) {
    throw new NotInfluxdbError('A body that is not JSON', error);
  }
  throw new NotInfluxdbError(`A body without ${key}`);
}

import { TokenService } from '@app/auth/nest';
import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { DetailedReport } from './detailed-report.js';
import { type HealthAnswer, HealthAnswers, healthPrefix } from './health-answers.js';

/**
 * The five routes, beside Nest's router: a probe is sent a ready text and passes no guard, pipe or interceptor. That
 * a slash at the end does not matter is the server's setting.
 */
@Injectable()
export class HealthRoutes {
  readonly #host: HttpAdapterHost<FastifyAdapter>;
  readonly #answers: HealthAnswers;
  readonly #report: DetailedReport;
  readonly #tokens: TokenService;
  readonly #forAll: boolean;

  constructor(
    host: HttpAdapterHost<FastifyAdapter>,
    answers: HealthAnswers,
    report: DetailedReport,
    tokens: TokenService,
    @Inject(CONFIG) config: Pick<Config, 'security'>,
  ) {
    this.#host = host;
    this.#answers = answers;
    this.#report = report;
    this.#tokens = tokens;
    this.#forAll = config.security.healthDetails === 'always';
  }

  /** Adds the routes to the server; once, before it is ready. */
  register(): void {
    const answers = this.#answers;
    const instance: FastifyInstance = this.#host.httpAdapter.getInstance();
    // Fastify adds HEAD to each.
    const method = 'GET';
    const ready: readonly [string, () => HealthAnswer][] = [
      ['', () => answers.health()],
      ['/liveness', () => answers.liveness()],
      ['/readiness', () => answers.readiness()],
      ['/startup', () => answers.startup()],
    ];
    for (const [path, answer] of ready) {
      const handler = (_: unknown, reply: FastifyReply): void => send(reply, answer());
      instance.route({ method, url: `${healthPrefix}${path}`, handler });
    }
    instance.route({
      method,
      url: `${healthPrefix}/detailed`,
      handler: async ({ headers }, reply) => {
        if (!this.#forAll) this.#tokens.authorize(headers.authorization, 'read');
        return reply.headers(this.#answers.headers[200]).send(await this.#report.render());
      },
    });
  }
}

function send(reply: FastifyReply, { status, headers, body }: HealthAnswer): void {
  void reply.code(status).headers(headers).send(body);
}

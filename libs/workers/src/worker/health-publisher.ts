import type { HostedService } from '@app/bootstrap';
import type { ProbeAnswers } from '../messages.js';

/** Tells the answers of the management port, whenever they have changed. */
export class HealthPublisher {
  readonly #health: HostedService['health'];
  readonly #send: (answers: ProbeAnswers) => void;
  #sent = '';

  constructor(
    { health, lifecycle }: Pick<HostedService, 'health' | 'lifecycle'>,
    send: (answers: ProbeAnswers) => void,
  ) {
    this.#health = health;
    this.#send = send;
    const publish = (): void => this.publish();
    // After the answers themselves, which have subscribed before.
    lifecycle.application.onTransition(publish);
    lifecycle.startup.onUpdate(publish);
    lifecycle.datastores.onUpdate(publish);
    this.publish();
  }

  /** Looks whether they have changed; what grows old does so without an event. */
  publish(): void {
    const health = this.#health;
    const answers = { livez: health.liveness(), readyz: health.readiness(), startupz: health.startup() };
    const text = JSON.stringify(answers);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#send(answers);
  }
}

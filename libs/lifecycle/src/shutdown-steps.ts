/**
 * The stages of the shutdown that other modules take part in, in their order: `end-streams` while requests are
 * still finished, `flush` when no request is left, `close` when all is flushed.
 */
export const shutdownStages = ['end-streams', 'flush', 'close'] as const;
export type ShutdownStage = (typeof shutdownStages)[number];

export interface ShutdownStep {
  readonly stage: ShutdownStage;
  readonly name: string;
  /**
   * Does the work. The signal aborts when four fifths of the step's share of the time are over: work that then comes
   * to an end has kept its share. Steps of one stage run side by side.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Where a module registers what must be ended, flushed or closed while the process drains. */
export class ShutdownSteps {
  readonly #steps: ShutdownStep[] = [];

  register(step: ShutdownStep): void {
    this.#steps.push(step);
  }

  of(stage: ShutdownStage): readonly ShutdownStep[] {
    return this.#steps.filter((step) => step.stage === stage);
  }
}

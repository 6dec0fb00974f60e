/** Everything that keeps a template from starting here, reported together. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** One sentence each, naming the logical id or the path, what was expected, and what to do. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super(
      `Expected a template that the local cloud can run, got ${count}:\n- ${faults.join('\n- ')}`,
    );
    this.faults = faults;
  }
}

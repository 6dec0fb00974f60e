/** One thing that is measured, with each of its values. */
export interface Metric {
  /** As `Success`: letters alone. */
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  /** At least one. */
  readonly values: readonly number[];
}

/** Writes what is measured to wherever it is looked at. To write the same twice counts it twice. */
export interface MetricsWriter {
  /** @param dimensions - What the metrics are told apart by, beside the stack; of a bounded number of values each. */
  write(metrics: readonly Metric[], dimensions?: Readonly<Record<string, string>>): void;
}

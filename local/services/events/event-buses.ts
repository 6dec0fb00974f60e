import * as z from 'zod';
import { type EventFilter, eventFilter } from '#local/services/lambda/event-filter.ts';
import type { Collection, State } from '#local/state.ts';

const rule = z.object({
  bus: z.string(),
  name: z.string(),
  /** The JSON text of an event pattern. */
  pattern: z.string(),
  isEnabled: z.boolean(),
  /** Queues, the one kind of target that is served here. */
  targets: z.array(z.object({ id: z.string(), queueArn: z.string() })),
});

/** A rule of a bus: which events it takes, and where they go. */
export type Rule = Readonly<z.infer<typeof rule>>;

/** The bus that each account has. */
export const DEFAULT_BUS = 'default';

/** The event buses of this machine. A template makes its own at each start; rules, which people make, are remembered. */
export class EventBuses {
  readonly #names = new Set([DEFAULT_BUS]);
  readonly #rows: Collection;
  readonly #rules = new Map<string, { readonly rule: Rule; readonly takes: EventFilter }>();

  constructor(state: State) {
    this.#rows = state.collection('event-rules');
    for (const [key, row] of this.#rows.entries()) this.#take(key, rule.parse(row));
  }

  /** Makes a bus; one that is there stays, with its rules. */
  add(name: string): void {
    this.#names.add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  rule(bus: string, name: string): Rule | undefined {
    return this.#rules.get(keyOf(bus, name))?.rule;
  }

  /** Keeps a rule in place of one of the same name. @throws for a pattern that is not known here. */
  setRule(changed: Rule): void {
    const key = keyOf(changed.bus, changed.name);
    this.#take(key, changed);
    this.#rows.set(key, changed);
  }

  deleteRule(bus: string, name: string): void {
    this.#rules.delete(keyOf(bus, name));
    this.#rows.delete(keyOf(bus, name));
  }

  /** Finds the queues that an event goes to: one for each target of each rule that takes it. */
  queuesFor(bus: string, event: unknown): readonly string[] {
    return [...this.#rules.values()]
      .filter(
        ({ rule: { bus: its, isEnabled }, takes }) => its === bus && isEnabled && takes(event),
      )
      .flatMap(({ rule: { targets } }) => targets.map(({ queueArn }) => queueArn));
  }

  #take(key: string, taken: Rule): void {
    this.#rules.set(key, { rule: taken, takes: eventFilter([taken.pattern]) });
  }
}

/** No name has a slash in it. */
function keyOf(bus: string, name: string): string {
  return `${bus}/${name}`;
}

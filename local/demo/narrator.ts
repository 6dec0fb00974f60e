/** Tells what happens, and remembers what did not. */
export interface Narrator {
  /** Begins a chapter. */
  say(line: string): void;
  /** Shows something that was read back. */
  show(line: string): void;
  /** States what must be so; where it is not, the demo goes on and ends with a failure. */
  expect(statement: string, holds: boolean): void;
  /** @returns The exit code: 0 when every statement held. */
  end(): 0 | 1;
}

/** Makes a narrator that has said nothing yet. */
export function createNarrator(print: (line: string) => void): Narrator {
  const broken: string[] = [];
  let held = 0;
  return {
    say: (line) => print(`\n▌ ${line}`),
    show: (line) => print(`    ${line}`),
    expect: (statement, holds) => {
      if (holds) held += 1;
      else broken.push(statement);
      print(`  ${holds ? '✓' : '✗ NOT SO:'} ${statement}`);
    },
    end: () => {
      print(`\n${held} statements held, ${broken.length} did not.`);
      return broken.length === 0 && held > 0 ? 0 : 1;
    },
  };
}

/** Where the demo shows itself: one screen that is redrawn, or plain lines where nothing can be. */

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Terminal {
  readonly redraws: boolean;
  /** Replaces the screen. */
  screen(lines: readonly string[]): void;
  /** Adds a line below everything. */
  line(text: string): void;
  /** Gives the terminal back as it was. */
  end(): void;
}

const ESC = '\u001b[';

export function terminal(
  output: Output,
  env: { readonly NO_COLOR?: string | undefined; readonly TERM?: string | undefined },
): Terminal {
  const redraws = output.isTTY === true && env.TERM !== 'dumb' && env.NO_COLOR === undefined;
  if (!redraws) {
    return {
      redraws,
      screen: () => undefined,
      line: (text) => output.write(`${text}\n`),
      end: () => undefined,
    };
  }
  let entered = false;
  const show = (lines: readonly string[]): void => {
    const width = output.columns ?? 80;
    const text = lines
      .slice(0, (output.rows ?? 24) - 1)
      .map((line) => `${line.slice(0, width)}${ESC}K`)
      .join('\r\n');
    // The alternate screen keeps what stood on the terminal before; the cursor would only flicker.
    output.write(`${entered ? '' : `${ESC}?1049h${ESC}?25l`}${ESC}H${text}${ESC}J`);
    entered = true;
  };
  return {
    redraws,
    screen: show,
    line: (text) => {
      if (!entered) output.write(`\r${text}${ESC}K`);
    },
    end: () => {
      output.write(entered ? `${ESC}?25h${ESC}?1049l` : '\r\n');
      entered = false;
    },
  };
}

/** Why a value has no place on a grid. */
export type DecimalFault = 'not_decimal' | 'inexact' | 'out_of_range' | 'off_grid';

/** A whole number of steps as text without leading zeros, or why there is none. */
export type StepCount = { readonly steps: string } | { readonly fault: DecimalFault };

/** Longer texts are no decimals here: the range has 18 digits, and the work for one value must be bounded. */
const longestText = 64;

/** What a JSON number keeps of any decimal (DBL_DIG of IEEE 754 doubles). */
const exactDigits = 15;

const mostSteps = 10n ** 18n - 1n;

const powersOfTen = Array.from({ length: 16 }, (_, exponent) => Number(`1e${String(exponent)}`));

const notDecimal: StepCount = { fault: 'not_decimal' };
const inexact: StepCount = { fault: 'inexact' };
const outOfRange: StepCount = { fault: 'out_of_range' };
const offGrid: StepCount = { fault: 'off_grid' };

/** The decimals that are whole multiples of a step, such as a tick size of 0.25. All of it is exact, nothing is rounded. */
export class DecimalGrid {
  /** The step is `#unit` / 10^`#scale`. */
  readonly #unit: bigint;
  readonly #scale: number;
  readonly #smallUnit: number;

  /** The step: a decimal string above 0. */
  constructor(step: string) {
    const [whole = '', fraction = ''] = step.split('.');
    const digits = fraction.replace(/0+$/, '');
    this.#unit = BigInt(whole + digits);
    this.#scale = digits.length;
    this.#smallUnit = Number(this.#unit);
    if (this.#unit <= 0n) throw new RangeError(`A grid needs a step above 0, not ${step}.`);
  }

  /** The number of steps, up to 10^18 - 1, of a decimal string in plain notation or of a number; both not negative. */
  count(value: unknown): StepCount {
    if (typeof value === 'string') return value.length > longestText ? notDecimal : this.#countText(value);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return notDecimal;
    // The shortest text that reads as the same number is what the sender wrote, if that had few enough digits.
    const text = String(value);
    if (text.length > exactDigits && significantDigits(text) > exactDigits) return inexact;
    return this.#countText(text.includes('e') ? withoutExponent(text) : text);
  }

  /** The decimal of so many steps, with as many digits behind the point as the step has. */
  render(steps: string): string {
    const digits = this.#unit === 1n ? steps : String(BigInt(steps) * this.#unit);
    if (this.#scale === 0) return digits;
    const padded = digits.padStart(this.#scale + 1, '0');
    const point = padded.length - this.#scale;
    return `${padded.slice(0, point)}.${padded.slice(point)}`;
  }

  #countText(text: string): StepCount {
    let point = -1;
    let number = 0;
    for (let index = 0; index < text.length; index++) {
      const digit = text.charCodeAt(index) - 48;
      if (digit >= 0 && digit <= 9) number = number * 10 + digit;
      else if (digit === -2 && point < 0 && index > 0) point = index;
      else return notDecimal;
    }
    if (text.length === 0 || point === text.length - 1) return notDecimal;

    const decimals = point < 0 ? 0 : text.length - 1 - point;
    const factor = powersOfTen[this.#scale - decimals];
    const scaled = factor === undefined ? Infinity : number * factor;
    if (scaled <= Number.MAX_SAFE_INTEGER) {
      if (this.#smallUnit === 1) return { steps: String(scaled) };
      return scaled % this.#smallUnit === 0 ? { steps: String(scaled / this.#smallUnit) } : offGrid;
    }
    return this.#countLong(text.replace('.', ''), decimals);
  }

  #countLong(digits: string, decimals: number): StepCount {
    const dividend = BigInt(digits) * 10n ** BigInt(this.#scale);
    const divisor = this.#unit * 10n ** BigInt(decimals);
    if (dividend % divisor !== 0n) return offGrid;
    const steps = dividend / divisor;
    return steps > mostSteps ? outOfRange : { steps: String(steps) };
  }
}

function significantDigits(text: string): number {
  const [mantissa = ''] = text.split('e');
  return mantissa.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
}

/** `1.5e-7` as `0.00000015`. */
function withoutExponent(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  if (shift < 0) return `0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
  return whole + fraction.padEnd(shift, '0');
}

import type { Usage } from '../usage.ts';
import type { Cost, Currency, Price, PriceHours, PriceTier } from './price.ts';

/**
 * What a call costs, exact to the last decimal: no floating point is involved.
 *
 * `at` is the moment of the call; it decides between prices by the hour. Cached input is charged at its own price and
 * is part of the input; more cached than input tokens count as all cached. The tier is chosen by the whole input.
 *
 * `null` means unknown, never free: without a price, when no tier applies, or when a count is not a whole number of 0
 * or more.
 *
 * @throws {TypeError} for an invalid date or a price that is not a plain decimal.
 */
export function costOf(usage: Usage, price: Price | undefined, at: Date): Cost | null {
  if (price === undefined) return null;
  const { inputTokens, cachedInputTokens, outputTokens, estimated } = usage;
  if (![inputTokens, cachedInputTokens, outputTokens].every(isCount)) return null;
  const tier = price.tiers.find((candidate) => applies(candidate, usage, at));
  if (tier === undefined) return null;

  const cached = Math.min(cachedInputTokens, inputTokens);
  const total = [
    times(inputTokens - cached, tier.input),
    times(cached, tier.cachedInput ?? tier.input),
    times(outputTokens, tier.output),
  ].reduce(add);
  // Prices are per million tokens.
  const amount = print({ ...total, scale: total.scale + 6 });
  return { amount, currency: price.currency, estimated };
}

/** What a vendor reports as the cost of a call, as a JSON number; `null` when it is none. Rounded to 12 decimals. */
export function toCost(reported: unknown, currency: Currency): Cost | null {
  if (typeof reported !== 'number' || !(reported >= 0 && reported < 1e9)) return null;
  return { amount: print(parse(reported.toFixed(12))), currency, estimated: false };
}

/**
 * The sum of two costs. `null` when either is unknown or when the currencies differ: a sum that leaves something out,
 * or that mixes currencies, would look like the whole.
 */
export function addCosts(a: Cost | null, b: Cost | null): Cost | null {
  if (a === null || b === null || a.currency !== b.currency) return null;
  return {
    amount: print(add(parse(a.amount), parse(b.amount))),
    currency: a.currency,
    estimated: a.estimated || b.estimated,
  };
}

function isCount(tokens: number): boolean {
  return Number.isSafeInteger(tokens) && tokens >= 0;
}

function applies({ when }: PriceTier, usage: Usage, at: Date): boolean {
  if (when === undefined) return true;
  const { inputTokensUpTo = Infinity, thinking, hours } = when;
  return (
    usage.inputTokens <= inputTokensUpTo &&
    (thinking === undefined || thinking === usage.reasoningTokens > 0) &&
    (hours === undefined || isWithin(hours, at))
  );
}

function isWithin({ utcOffset, days, ranges }: PriceHours, at: Date): boolean {
  if (Number.isNaN(at.getTime())) throw new TypeError('The date of a call is invalid.');
  const local = new Date(at.getTime() + utcOffset * 3_600_000);
  const hour = local.getUTCHours();
  return days.includes(local.getUTCDay()) && ranges.some(([from, to]) => from <= hour && hour < to);
}

/** `digits` × 10^-`scale`. */
interface Decimal {
  digits: bigint;
  scale: number;
}

function parse(text: string): Decimal {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new TypeError(`"${text}" is not a plain decimal such as "0.8".`);
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function times(tokens: number, price: string): Decimal {
  const { digits, scale } = parse(price);
  return { digits: BigInt(tokens) * digits, scale };
}

function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const widen = (value: Decimal) => value.digits * 10n ** BigInt(scale - value.scale);
  return { digits: widen(a) + widen(b), scale };
}

function print({ digits, scale }: Decimal): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

import { element } from './element.ts';
import type { RunFacts } from './frame.ts';
import { bindText, currentLanguage } from './language.ts';

/** Tokens, cost and time of a run, in one line. */
export function usageLine(facts: RunFacts, isDemo: boolean): HTMLElement {
  const { usage, cost, durationMs } = facts;
  const tokens = element('span', { class: 'tokens' });
  const about = usage.estimated ? '≈ ' : '';
  bindText(tokens, (t) => about + t.tokens(count(usage.inputTokens), count(usage.outputTokens)));

  const price = element('span', { class: 'cost' });
  if (isDemo) bindText(price, (t) => t.noCost);
  else if (cost) {
    price.textContent = money(cost);
    price.title = `${cost.amount} ${cost.currency}`;
  } else bindText(price, (t) => t.unknownCost);

  const duration = element('span', { class: 'time' }, time(durationMs));
  return element('span', { class: 'usage' }, tokens, price, duration);
}

export function time(ms: number): string {
  if (ms < 1) return '< 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function count(tokens: number): string {
  return tokens.toLocaleString(currentLanguage() === 'zh' ? 'zh-CN' : 'en');
}

/** Three digits that say something; the exact amount is in the title. */
function money({ amount, currency, estimated }: NonNullable<RunFacts['cost']>): string {
  const symbol = currency === 'CNY' ? '¥' : '$';
  const [whole = '0', fraction = ''] = amount.split('.');
  const firstDigit = fraction.search(/[1-9]/);
  const digits = whole !== '0' || firstDigit < 0 ? 2 : Math.max(2, firstDigit + 3);
  const shown = fraction.slice(0, digits).padEnd(2, '0');
  return `${estimated ? '≈ ' : ''}${symbol}${whole}.${shown}`;
}

import { continueCalculation } from './arithmetic.ts';
import { findConversions } from './conversion.ts';
import { howMuch, otherDay } from './cue.ts';
import { calculationMark, findMarks, markSpans } from './mark.ts';
import { blankNonArithmetic } from './not-arithmetic.ts';
import { markPlaces } from './place.ts';
import type { Prompt } from './prompt.ts';
import { readSentences, soundsLikeFollowUp } from './sentence.ts';
import { findSmallTalk, type SmallTalk } from './small-talk.ts';
import { markCalculations } from './temperature-operand.ts';
import type { PlacedWish, Wish } from './wish.ts';

export interface Understanding {
  /** In the order of the message. */
  readonly wishes: readonly Wish[];
  readonly smallTalk: SmallTalk | undefined;
  /** Part of the message asks for something that the rules cannot do, such as a poem. */
  readonly hasUnsupported: boolean;
  /** The user asks about tomorrow or another day. */
  readonly asksOtherDay: boolean;
}

/** Finds out what a message asks for. `earlier` are the user's former messages, the last one first. */
export function understand(prompt: Prompt, earlier: readonly Understanding[] = []): Understanding {
  const supported = prompt.text.replace(unsupportedClause, '$1');
  return {
    wishes: findWishes(
      supported,
      earlier.map(({ wishes }) => wishes),
    ),
    smallTalk: findSmallTalk(prompt.text),
    hasUnsupported: supported !== prompt.text,
    asksOtherDay: otherDay.test(supported),
  };
}

const unsupportedClause =
  /(^|[.?!;。,\n]\s*|\b(?:and|then|also)\s+|然后|并且?|再)((?:please |can you |could you |would you |will you |i want you to |i'd like you to |help me |请|帮我|麻烦|能不能|可以|给我){0,3}(?:write|compose|translate|summari[sz]e|draw|paint|sing|book|order me|buy|email|send|remind|recommend|play|rewrite|paraphrase|proofread|implement|code|tell me (?:a|an|another|some) (?:\w{1,12} )?(?:joke|story|poem|fact)s?|(?:generate|create|design|make) (?:me )?(?:a|an|some)|写|翻译|总结|画|讲个|讲一个|讲笑话|编|预订|订|发(?:邮件|短信|消息|给)|提醒|推荐|播放|生成|设计)(?![\p{Script=Latin}\p{M}])(?:(?!,? (?:and|then) (?:what|how|calculate|compute|tell|check|is\b)|[.?!;。\n]).){0,600})/giu;

function findWishes(text: string, earlier: readonly (readonly Wish[])[]): readonly Wish[] {
  const last = earlier[0]?.at(-1);
  const isFollowUp = last !== undefined && last.type !== 'calculation' && soundsLikeFollowUp(text);
  const plain = blankNonArithmetic(text);
  const conversions = findConversions(plain);
  const converted = markSpans(
    plain,
    conversions.map((span, index) => [span, calculationMark(index)]),
  );
  const { text: placed, places } = markPlaces(converted, { isFollowUp });
  const { text: marked, expressions } = markCalculations(placed, places, conversions.length);

  const questions = readSentences({ text: marked, places, earlier, isFollowUp });
  const calculations = findMarks(marked).flatMap(({ type, index, position }): PlacedWish[] => {
    if (type !== 'calculation') return [];
    const conversion = conversions[index];
    if (conversion) {
      const { expression, to, given } = conversion;
      return [{ position, wish: { type, expression, places: [], conversion: { to, given } } }];
    }
    const expression = expressions[index - conversions.length];
    return expression ? [{ position, wish: { type, expression, places } }] : [];
  });
  const found = [...questions, ...calculations].toSorted((a, b) => a.position - b.position);
  return found.length > 0 ? found.map(({ wish }) => wish) : continueEarlier(plain, last);
}

/** "times 2" after a calculation, "by how much?" after a comparison. */
function continueEarlier(text: string, last: Wish | undefined): Wish[] {
  if (last?.type === 'weather' && last.ask.type === 'compare' && howMuch.test(text)) {
    return [{ ...last, ask: { ...last.ask, wantsDifference: true } }];
  }
  if (last?.type !== 'calculation') return [];
  const expression = continueCalculation(text, last.expression);
  return expression ? [{ type: 'calculation', expression, places: last.places }] : [];
}

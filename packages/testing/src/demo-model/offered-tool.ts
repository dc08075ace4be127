import type { ChatRequest, OfferedFunction } from './chat-request.ts';
import type { TemperatureUnit } from './conversion.ts';

/** The three tools that the rules can use, found among those that a request offers. */
export interface OfferedTools {
  readonly weather: WeatherTool | undefined;
  readonly calculator: TextTool | undefined;
  readonly time: TextTool | undefined;
  /** Names of everything offered, also of what the rules cannot use. */
  readonly names: readonly string[];
}

/** A tool that takes one text, with the other fields it requires already filled. */
interface TextTool {
  readonly name: string;
  readonly field: string;
  readonly isOptional: boolean;
  readonly defaults: Readonly<Record<string, unknown>>;
}

interface WeatherTool extends TextTool {
  /** Present when the tool can answer in a unit by choice: the field, and the word for each unit. */
  readonly unit:
    | { readonly field: string; readonly words: Readonly<Record<TemperatureUnit, string>> }
    | undefined;
}

/** Finds tools by their schema: which fields they take, and what their descriptions say. Names only help. */
export function findTools({ tools, tool_choice: choice }: ChatRequest): OfferedTools {
  const forced = typeof choice === 'object' ? choice?.function.name : undefined;
  const offered = (choice === 'none' ? [] : (tools ?? [])).map((tool) => tool.function);
  const usable = offered.filter(({ name }) => forced === undefined || name === forced);
  const names = usable.map(({ name }) => name);
  const calculator = best(
    usable,
    expressionField,
    /calc|math|arithmetic|comput|evaluat|计算|算术|数学/iu,
  );
  const time = best(usable, zoneField, /time|clock|date|时间|日期/iu);
  const others = usable.filter(({ name }) => name !== calculator?.name && name !== time?.name);
  const weather = best(
    others,
    placeField,
    /weather|temperature|forecast|climate|天气|气温|温度/iu,
    otherSubject,
  );
  return {
    names,
    calculator,
    time,
    weather: weather && { ...weather, unit: findUnit(usable, weather.name) },
  };
}

const expressionField =
  /\b(?:expression|expr|formula|equation|calculation|arithmetic|math)\b|表达式|算式|公式/iu;
const zoneField = /\b(?:time ?zones?|tz|zone|iana)\b|时区/iu;
const placeField =
  /\b(?:city|cities|location|place|town|where|destination|region|area|address)\b|城市|地点|地名|位置|地区/iu;
/** A place is needed for many things: a tool about one of these is no weather tool, unless it speaks of weather. */
const otherSubject =
  /hotel|flight|restaurant|book|reserv|news|population|map|route|direction|event|ticket|order|ship|store|shop|user|search|time|clock|currency|distance|travel|酒店|航班|餐|新闻|人口|地图|路线|订/iu;

interface Field {
  readonly name: string;
  readonly schema: Record<string, unknown>;
  /** Name in separate words, and the description. */
  readonly text: string;
}

function best(
  functions: readonly OfferedFunction[],
  fieldPattern: RegExp,
  subject: RegExp,
  otherThan?: RegExp,
): TextTool | undefined {
  const scored = functions.flatMap((offered) => {
    const about = `${toWords(offered.name)} ${offered.description ?? ''}`;
    const isOnSubject = subject.test(about);
    if (!isOnSubject && otherThan?.test(about)) return [];
    const texts = fieldsOf(offered).filter(isText);
    const byName = texts.find(({ name }) => fieldPattern.test(toWords(name)));
    const byText = byName ?? texts.find(({ text }) => fieldPattern.test(text));
    // A tool on the subject with a single text field takes it there, whatever the field is called.
    const field = byText ?? (isOnSubject && texts.length === 1 ? texts[0] : undefined);
    const defaults = field && fillRequired(offered, field.name);
    if (!field || !defaults) return [];
    const isOptional = !requiredOf(offered).has(field.name);
    const score = (isOnSubject ? 2 : 0) + (byName ? 2 : byText ? 1 : 0);
    return [{ score, tool: { name: offered.name, field: field.name, isOptional, defaults } }];
  });
  return scored.toSorted((a, b) => b.score - a.score)[0]?.tool;
}

/** Values for the other required fields, where the schema allows only one or names a default; else `undefined`. */
function fillRequired(
  offered: OfferedFunction,
  except: string,
): Record<string, unknown> | undefined {
  const required = requiredOf(offered);
  const values: Record<string, unknown> = {};
  for (const { name, schema } of fieldsOf(offered)) {
    if (name === except || !required.has(name)) continue;
    const choices = choicesOf(schema);
    const value =
      'const' in schema
        ? schema['const']
        : (schema['default'] ?? choices.find(isCelsius) ?? choices[0]);
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return values;
}

function findUnit(functions: readonly OfferedFunction[], toolName: string): WeatherTool['unit'] {
  const offered = functions.find(({ name }) => name === toolName);
  for (const { name, schema } of offered ? fieldsOf(offered) : []) {
    const choices = choicesOf(schema).filter((choice) => typeof choice === 'string');
    const celsius = choices.find(isCelsius);
    const fahrenheit = choices.find((choice) => /^(?:f|°f|fahrenheit|imperial|us)$/iu.test(choice));
    if (celsius && fahrenheit) return { field: name, words: { celsius, fahrenheit } };
  }
  return undefined;
}

function isCelsius(choice: unknown): choice is string {
  return typeof choice === 'string' && /^(?:c|°c|celsius|metric|centigrade)$/iu.test(choice);
}

function fieldsOf({ parameters }: OfferedFunction): Field[] {
  const properties = asRecord(parameters?.['properties']) ?? {};
  return Object.entries(properties).map(([name, value]) => {
    const schema = asRecord(value) ?? {};
    const description = typeof schema['description'] === 'string' ? schema['description'] : '';
    return { name, schema, text: `${toWords(name)} ${description}`.slice(0, 500) };
  });
}

function requiredOf({ parameters }: OfferedFunction): ReadonlySet<unknown> {
  const required = parameters?.['required'];
  return new Set(Array.isArray(required) ? required : []);
}

function isText({ schema }: Field): boolean {
  return typesOf(schema).includes('string') && choicesOf(schema).length === 0;
}

function typesOf(schema: Record<string, unknown>): unknown[] {
  const alternatives = alternativesOf(schema).flatMap(typesOf);
  return [schema['type'] ?? [], alternatives].flat(2);
}

function choicesOf(schema: Record<string, unknown>): unknown[] {
  const own = Array.isArray(schema['enum']) ? schema['enum'] : [];
  return [...own, ...alternativesOf(schema).flatMap(choicesOf)];
}

function alternativesOf(schema: Record<string, unknown>): Record<string, unknown>[] {
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(alternatives)
    ? alternatives.slice(0, 8).map((one: unknown) => asRecord(one) ?? {})
    : [];
}

/** "timeZone" and "time_zone" become "time Zone" and "time zone". */
function toWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/gu, '$1 $2').replace(/[_-]+/gu, ' ');
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}

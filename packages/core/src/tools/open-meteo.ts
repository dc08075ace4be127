import { z } from 'zod';
import { AnyturnError } from '../errors.ts';
import type { AnyturnErrorOptions, ErrorCode } from '../errors.ts';
import { findSampleCity } from './weather-sample.ts';

/** Where Open-Meteo is and how long to wait for it. Its failures are thrown as `AnyturnError`. */
export interface OpenMeteo {
  geocodingBaseURL: string;
  forecastBaseURL: string;
  apiKey: string | undefined;
  fetch: typeof globalThis.fetch;
  /** Milliseconds for one request, body included. */
  timeoutMs: number;
}

export type Place = z.infer<typeof placeSchema>;
export type CurrentWeather = z.infer<typeof forecastSchema>;
export type TemperatureUnit = 'celsius' | 'fahrenheit';

/**
 * Finds the place that a city name means, or undefined when the geocoder knows none.
 *
 * A Chinese name needs care: two characters are compared exactly, and 北京 found only villages of that name
 * (https://github.com/open-meteo/geocoding-api/issues/20, 2026-01). So a well-known city is asked for in English; for any
 * other one, a second search with 市 follows when the first found no city, and the most populous place wins.
 */
export async function findPlace(
  city: string,
  openMeteo: OpenMeteo,
  signal: AbortSignal,
): Promise<Place | undefined> {
  if (!isChinese(city)) return (await search(city, 'en', openMeteo, signal))[0];
  const known = findSampleCity(city);
  if (known) return (await search(known.name, 'zh', openMeteo, signal))[0];
  const places = await search(city, 'zh', openMeteo, signal);
  const isSettled = (largest(places)?.population ?? 0) >= CITY_POPULATION || /[市县区]$/.test(city);
  if (!isSettled) places.push(...(await search(`${city}市`, 'zh', openMeteo, signal)));
  return largest(places);
}

/** The present weather at a place, in the unit asked for. */
export function loadCurrentWeather(
  { latitude, longitude }: Place,
  unit: TemperatureUnit,
  openMeteo: OpenMeteo,
  signal: AbortSignal,
): Promise<CurrentWeather> {
  const query = {
    latitude: String(latitude),
    longitude: String(longitude),
    current: 'temperature_2m,relative_humidity_2m,wind_speed_10m,weather_code',
    temperature_unit: unit,
    timezone: 'auto',
  };
  const url = `${openMeteo.forecastBaseURL}/forecast`;
  const isInUnit = ({ current_units }: CurrentWeather) =>
    current_units.temperature_2m === (unit === 'fahrenheit' ? '°F' : '°C');
  return requestJson(url, query, forecastSchema.refine(isInUnit), openMeteo, signal);
}

/** Whether a name holds Han characters. */
export function isChinese(name: string): boolean {
  return /\p{Script=Han}/u.test(name);
}

/**
 * Runs `work` for at most `ms` milliseconds and until `signal` fires, even when it ignores its own signal.
 * Whatever it still has open afterwards is aborted.
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
  });
  const timer = setTimeout(
    () => controller.abort(failure('timeout', `no answer within ${ms} ms`)),
    Math.min(ms, MAX_TIMER_MS),
  );
  const abort = () => controller.abort(failure('aborted', 'The call was aborted.'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) abort();
    return await Promise.race([ended, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    controller.abort();
  }
}

const CITY_POPULATION = 100_000;
const RETRY_PAUSE_MS = 100;
/** Real answers are under 8 KB. */
const MAX_BODY_BYTES = 65_536;
/** A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const placeSchema = z.object({
  name: z.string().min(1).max(200),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  country: z.string().max(200).optional(),
  admin1: z.string().max(200).optional(),
  population: z.number().min(0).optional(),
  /** GeoNames code; populated places start with PPL. */
  feature_code: z.string().max(20).optional(),
});

/** "Not found" leaves `results` out; only with `generationtime_ms` is that an answer of the geocoder. */
const geocodingSchema = z.union([
  z.object({ results: z.array(placeSchema) }),
  z
    .object({ results: z.undefined().optional(), generationtime_ms: z.number() })
    .transform(() => ({ results: [] })),
]);

const forecastSchema = z.object({
  utc_offset_seconds: z.number().int().min(-86_400).max(86_400),
  current_units: z.object({
    temperature_2m: z.enum(['°C', '°F']),
    wind_speed_10m: z.literal('km/h'),
  }),
  current: z.object({
    time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
    temperature_2m: z.number().min(-200).max(200),
    relative_humidity_2m: z.number().min(0).max(100),
    wind_speed_10m: z.number().min(0).max(1000),
    weather_code: z.number().int().min(0).max(99),
  }),
});

async function search(
  name: string,
  language: 'en' | 'zh',
  openMeteo: OpenMeteo,
  signal: AbortSignal,
): Promise<Place[]> {
  const query = { name, language, count: '10', format: 'json' };
  const url = `${openMeteo.geocodingBaseURL}/search`;
  return (await requestJson(url, query, geocodingSchema, openMeteo, signal)).results;
}

/** A town before the province of the same name: the middle of a province is no city. */
function largest(places: readonly Place[]): Place | undefined {
  const towns = places.filter(({ feature_code }) => feature_code?.startsWith('PPL'));
  const candidates = towns.length > 0 ? towns : places;
  return candidates.toSorted((a, b) => (b.population ?? 0) - (a.population ?? 0))[0];
}

/** One request, tried a second time when the failure is of the kind that passes. */
async function requestJson<T>(
  address: string,
  query: Record<string, string>,
  schema: z.ZodType<T>,
  openMeteo: OpenMeteo,
  signal: AbortSignal,
): Promise<T> {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (openMeteo.apiKey) url.searchParams.set('apikey', openMeteo.apiKey);
  const attempt = () =>
    within(openMeteo.timeoutMs, signal, async (attemptSignal) => {
      const response = await open(url, openMeteo, attemptSignal);
      return parseBody(await readBody(response), schema);
    });
  try {
    return await attempt();
  } catch (error) {
    if (signal.aborted || !AnyturnError.isInstance(error) || !error.retryable) throw error;
  }
  await pause(RETRY_PAUSE_MS, signal);
  return attempt();
}

async function open(url: URL, { fetch, apiKey }: OpenMeteo, signal: AbortSignal) {
  let response: Response;
  try {
    const headers = { accept: 'application/json' };
    response = await fetch(url, { headers, signal, redirect: 'error' });
  } catch (cause) {
    // Also what a redirect ends in.
    throw failure('network', 'no connection', { cause, ...(apiKey && { secrets: [apiKey] }) });
  }
  if (response.ok && !response.redirected) return response;
  const httpStatus = response.status;
  void response.body?.cancel().catch(() => {});
  if (apiKey && [400, 401, 403].includes(httpStatus)) {
    const message = `Open-Meteo refused the request (HTTP ${httpStatus}). Check the apiKey of createWeather.`;
    throw failure('auth', message, { httpStatus });
  }
  const isPassing = httpStatus === 429 || httpStatus === 408 || httpStatus >= 500;
  throw failure(
    httpStatus === 429 ? 'rate_limit' : isPassing ? 'upstream_error' : 'bad_response',
    `HTTP ${httpStatus}`,
    { httpStatus, retryable: isPassing },
  );
}

async function readBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > MAX_BODY_BYTES) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    throw failure('network', 'an answer that broke off', { cause });
  } finally {
    void reader.cancel().catch(() => {});
  }
  throw failure('bad_response', `an answer of more than ${MAX_BODY_BYTES} bytes`);
}

function parseBody<T>(body: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    throw failure('bad_response', 'an answer that is not understood');
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

function failure(
  code: ErrorCode,
  message: string,
  facts: Omit<AnyturnErrorOptions, 'code' | 'message'> = {},
): AnyturnError {
  return new AnyturnError({ code, message, ...facts });
}

import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { AnyturnTool } from '../define-tool.ts';
import { AnyturnError } from '../errors.ts';
import { redactUrl } from '../redact.ts';
import { findPlace, isChinese, loadCurrentWeather, within } from './open-meteo.ts';
import type { CurrentWeather, OpenMeteo, Place, TemperatureUnit } from './open-meteo.ts';
import { toConditions } from './weather-conditions.ts';
import { describeSample, findSampleCity, sampleDate } from './weather-sample.ts';

export interface WeatherInput {
  /** In English, Chinese or the local language; a country after a comma narrows it down. */
  city: string;
  /** @default 'celsius' */
  unit?: TemperatureUnit | undefined;
}

/** The present weather in a city, flat so that a model reads it easily. */
export interface WeatherReport {
  /** In Chinese when the question was, in English otherwise. */
  city: string;
  region?: string;
  country?: string;
  temperature: number;
  unit: '°C' | '°F';
  /** In English words, such as "light rain". */
  conditions: string;
  humidityPercent: number;
  windSpeedKmh: number;
  source: 'open-meteo' | 'sample';
  /** Local time with its UTC offset; only for `open-meteo`. */
  observedAt?: string;
  /** To be shown with the data; only for `open-meteo`. */
  attribution?: string;
  /** Says that this is no weather; only for `sample`. */
  notice?: string;
  /** The day that the sample pretends to be; only for `sample`. */
  sampleDate?: string;
  /** Why the sample answered; only for `sample`. */
  sampleReason?: string;
}

export interface WeatherOptions {
  /** @default 'https://geocoding-api.open-meteo.com/v1', with `apiKey` its `customer-` host */
  geocodingBaseURL?: string;
  /** @default 'https://api.open-meteo.com/v1', with `apiKey` its `customer-` host */
  forecastBaseURL?: string;
  /** Key of a commercial plan; sent to both base URLs. */
  apiKey?: string;
  /** @default globalThis.fetch */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds for one request. @default 3_000 */
  timeoutMs?: number;
  /** Milliseconds for everything, second attempts included, before the sample answers. @default 8_000 */
  totalMs?: number;
  /** Answer from the sample without a request, as `ANYTURN_OFFLINE=1` does. @default false */
  offline?: boolean;
}

/** {@link createWeather} with its defaults: live weather without a key, for non-commercial use. */
export const weather: AnyturnTool<WeatherInput, WeatherReport> = createWeather();

/**
 * Creates a tool that tells the present weather in a city. Reads only, so it needs no approval.
 *
 * Asks Open-Meteo: first its geocoder, then its forecast; each request is tried once more when it fails in a way that
 * passes (no connection, timeout, 408, 429, 5xx, an answer that makes no sense). When that fails too, or offline mode is asked for,
 * a bundled sample of big cities answers, marked `source: 'sample'`. Redirects are refused and answers are
 * read up to 64 KB.
 *
 * Terms of Open-Meteo (https://open-meteo.com/en/terms, 2026-11): the data is CC BY 4.0, so show `attribution` with it; the API
 * without a key is for non-commercial use, up to 600 calls a minute, 5,000 an hour and 10,000 a day per IP address.
 * Commercial users pass `apiKey`, or base URLs of a server of their own.
 *
 * @throws {AnyturnError} code `config` at once when a base URL is no http(s) URL. When called: `not_found` when the geocoder knows
 * no such city, `unavailable` when there is no network and the sample does not know the city either, `auth` when
 * the `apiKey` is refused, `aborted` as soon as the signal fires.
 */
export function createWeather(
  options: WeatherOptions = {},
): AnyturnTool<WeatherInput, WeatherReport> {
  const { totalMs = 8_000, offline = false } = options;
  const openMeteo = toOpenMeteo(options);
  return defineTool({
    description:
      'Get the current weather in a city: temperature, conditions, humidity and wind. One city per call.',
    inputSchema: z.object({
      city: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .describe('City name in any language, for example "Paris", "北京" or "Portland, Oregon"'),
      unit: z
        .enum(['celsius', 'fahrenheit'])
        .optional()
        .describe('Unit of the temperature; celsius when absent'),
    }),
    execute: async ({ city, unit = 'celsius' }, { signal }) => {
      if (signal?.aborted) throw aborted();
      if (offline || isOfflineByEnvironment()) return reportSample(city, unit, 'offline mode');
      try {
        return await within(totalMs, signal, (limited) => report(city, unit, openMeteo, limited));
      } catch (error) {
        if (signal?.aborted) throw aborted();
        if (!AnyturnError.isInstance(error) || finalCodes.has(error.code)) throw error;
        return reportSample(city, unit, `Open-Meteo: ${error.message}`, error);
      }
    },
  });
}

/** Failures that are an answer: the sample must not cover them up. */
const finalCodes: ReadonlySet<string> = new Set(['not_found', 'auth']);

function toOpenMeteo(options: WeatherOptions): OpenMeteo {
  const { apiKey, timeoutMs = 3_000 } = options;
  const host = apiKey ? 'customer-' : '';
  const {
    geocodingBaseURL = `https://${host}geocoding-api.open-meteo.com/v1`,
    forecastBaseURL = `https://${host}api.open-meteo.com/v1`,
    // Looked up when called, so that a replaced global fetch is used.
    fetch = (...request) => globalThis.fetch(...request),
  } = options;
  return {
    geocodingBaseURL: toBaseURL('geocodingBaseURL', geocodingBaseURL),
    forecastBaseURL: toBaseURL('forecastBaseURL', forecastBaseURL),
    apiKey,
    fetch,
    timeoutMs,
  };
}

function toBaseURL(option: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new AnyturnError({
    code: 'config',
    message: `The ${option} of createWeather is no http(s) URL: "${redactUrl(url)}". Use one such as https://api.open-meteo.com/v1.`,
  });
}

function isOfflineByEnvironment(): boolean {
  // Absent outside Node, Bun and Deno.
  const process: { env?: Record<string, string | undefined> } | undefined = globalThis.process;
  return process?.env?.['ANYTURN_OFFLINE'] === '1';
}

async function report(
  city: string,
  unit: TemperatureUnit,
  openMeteo: OpenMeteo,
  signal: AbortSignal,
): Promise<WeatherReport> {
  const place = await findPlace(city, openMeteo, signal);
  if (!place) {
    throw new AnyturnError({
      code: 'not_found',
      message: `No city named ${JSON.stringify(city)} was found. Check the spelling, or use its English name.`,
    });
  }
  return toReport(place, await loadCurrentWeather(place, unit, openMeteo, signal));
}

function toReport(
  { name, admin1, country }: Place,
  { current, current_units, utc_offset_seconds }: CurrentWeather,
): WeatherReport {
  return {
    city: name,
    ...(admin1 && admin1 !== name && { region: admin1 }),
    ...(country && { country }),
    temperature: current.temperature_2m,
    unit: current_units.temperature_2m,
    conditions: toConditions(current.weather_code),
    humidityPercent: current.relative_humidity_2m,
    windSpeedKmh: current.wind_speed_10m,
    source: 'open-meteo',
    observedAt: `${current.time}${toOffset(utc_offset_seconds)}`,
    attribution: 'Weather data by Open-Meteo.com (CC BY 4.0)',
  };
}

function toOffset(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${seconds < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

function reportSample(
  city: string,
  unit: TemperatureUnit,
  reason: string,
  cause?: unknown,
): WeatherReport {
  const sample = findSampleCity(city);
  if (!sample) {
    throw new AnyturnError({
      code: 'unavailable',
      message: `No weather for ${JSON.stringify(city)} without a network (${reason}): the offline sample knows only ${describeSample()}. Try again when the network is there.`,
      ...(cause !== undefined && { cause }),
    });
  }
  const { temperatureC } = sample;
  const isFahrenheit = unit === 'fahrenheit';
  return {
    city: isChinese(city) ? sample.nameZh : sample.name,
    country: isChinese(city) ? sample.countryZh : sample.country,
    temperature: isFahrenheit ? Math.round(temperatureC * 18 + 320) / 10 : temperatureC,
    unit: isFahrenheit ? '°F' : '°C',
    conditions: toConditions(sample.weatherCode),
    humidityPercent: sample.humidityPercent,
    windSpeedKmh: sample.windSpeedKmh,
    source: 'sample',
    notice: 'offline sample, not current weather',
    sampleDate,
    sampleReason: reason,
  };
}

function aborted(): AnyturnError {
  return new AnyturnError({ code: 'aborted', message: 'The weather call was aborted.' });
}

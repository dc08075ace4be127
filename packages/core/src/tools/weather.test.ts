import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AnyturnError } from '../errors.ts';
import { findSampleCity } from './weather-sample.ts';
import { createWeather, weather } from './weather.ts';
import type { WeatherInput, WeatherOptions } from './weather.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe('live weather', () => {
  test('comes from the geocoder and the forecast, with attribution', async () => {
    await using server = await startOpenMeteo();
    const report = await ask(server, { city: 'Beijing' });
    expect(report).toEqual({
      city: 'Beijing',
      country: 'China',
      temperature: 7.5,
      unit: '°C',
      conditions: 'light rain',
      humidityPercent: 60,
      windSpeedKmh: 11.2,
      source: 'open-meteo',
      observedAt: '2026-11-10T14:30+08:00',
      attribution: 'Weather data by Open-Meteo.com (CC BY 4.0)',
    });
    expect(server.requests).toEqual([
      '/search?name=Beijing&language=en&count=10&format=json',
      '/forecast?latitude=39.9&longitude=116.4&current=temperature_2m%2Crelative_humidity_2m%2Cwind_speed_10m%2Cweather_code&temperature_unit=celsius&timezone=auto',
    ]);
  });

  test('comes in °F when asked for', async () => {
    await using server = await startOpenMeteo();
    expect(await ask(server, { city: 'Beijing', unit: 'fahrenheit' })).toMatchObject({
      temperature: 45.5,
      unit: '°F',
    });
  });

  test('tells the region apart and shows half-hour offsets', async () => {
    const place = { ...beijing, name: 'Springfield', admin1: 'Illinois', country: 'United States' };
    await using server = await startOpenMeteo({
      search: [json({ results: [place] })],
      forecast: [json({ ...forecast, utc_offset_seconds: -12_600 })],
    });
    expect(await ask(server, { city: 'Springfield' })).toMatchObject({
      city: 'Springfield',
      region: 'Illinois',
      observedAt: '2026-11-10T14:30-03:30',
    });
  });

  test('for a well-known Chinese name is asked for in English and told in Chinese', async () => {
    const capital = { ...beijing, name: '北京', country: '中国' };
    await using server = await startOpenMeteo({ search: [json({ results: [capital] })] });
    expect(await ask(server, { city: '北京市' })).toMatchObject({ city: '北京', country: '中国' });
    expect(server.requests[0]).toBe('/search?name=Beijing&language=zh&count=10&format=json');
  });

  test('for another Chinese name prefers the city over a village and a province', async () => {
    const village = { ...beijing, name: '吉林', latitude: 1, population: 20, feature_code: 'PPL' };
    const province = { ...village, latitude: 2, population: 24_000_000, feature_code: 'ADM1' };
    const city = { ...village, name: '吉林市', latitude: 3, population: 1_881_977 };
    await using server = await startOpenMeteo({
      search: [json({ results: [village, province] }), json({ results: [city] })],
    });
    expect(await ask(server, { city: '吉林' })).toMatchObject({ city: '吉林市' });
    expect(server.requests.slice(0, 2)).toEqual([
      `/search?name=${encodeURIComponent('吉林')}&language=zh&count=10&format=json`,
      `/search?name=${encodeURIComponent('吉林市')}&language=zh&count=10&format=json`,
    ]);
    expect(server.requests[2]).toContain('latitude=3&');
  });

  test('for a Chinese city that is found at once needs no second search', async () => {
    await using server = await startOpenMeteo();
    await ask(server, { city: '济南' });
    expect(server.requests).toHaveLength(2);
  });

  test('sends the key of a commercial plan to both services', async () => {
    await using server = await startOpenMeteo();
    await ask(server, { city: 'Beijing' }, { apiKey: 'secret-key-1' });
    expect(server.requests.map((path) => path.includes('&apikey=secret-key-1'))).toEqual([
      true,
      true,
    ]);
  });

  test('asks the hosts of the plan when there is a key and no base URL', async () => {
    const fetched: string[] = [];
    const fetch = async (url: unknown) => {
      fetched.push(String(url).split('?')[0] ?? '');
      return new Response('', { status: 404 });
    };
    const options = { fetch: fetch as typeof globalThis.fetch };
    await createWeather(options).execute({ city: 'Paris' }, context());
    await createWeather({ ...options, apiKey: 'key-1' }).execute({ city: 'Paris' }, context());
    expect(fetched).toEqual([
      'https://geocoding-api.open-meteo.com/v1/search',
      'https://customer-geocoding-api.open-meteo.com/v1/search',
    ]);
  });
});

describe.concurrent('a failure that passes is tried once more', () => {
  test.each([
    ['429', status(429)],
    ['500', status(500)],
    ['a silent server', hang],
    ['an HTML page', html],
    ['a broken connection', cut],
  ])('%s', async (_, first) => {
    await using server = await startOpenMeteo({
      search: [first, found],
      forecast: [first, current],
    });
    expect(
      await ask(server, { city: 'Beijing' }, { timeoutMs: 100, totalMs: 5_000 }),
    ).toMatchObject({
      source: 'open-meteo',
      temperature: 7.5,
    });
    expect(server.requests).toHaveLength(4);
  });

  test('but a plain refusal is not', async () => {
    await using server = await startOpenMeteo({ search: [status(404)] });
    expect(await ask(server, { city: 'Beijing' })).toMatchObject({ source: 'sample' });
    expect(server.requests).toHaveLength(1);
  });
});

describe.concurrent('the sample answers, and says so, when the service keeps failing:', () => {
  test.each([
    ['429', status(429), 'HTTP 429'],
    ['500', status(503), 'HTTP 503'],
    ['an HTML page', html, 'an answer that is not understood'],
    ['empty JSON', json({}), 'an answer that is not understood'],
    ['a wrong shape', json({ results: [{ name: 'x', latitude: '1' }] }), 'is not understood'],
    ['an impossible place', json({ results: [{ ...beijing, latitude: 99 }] }), 'not understood'],
    ['a huge body', huge, 'an answer of more than 65536 bytes'],
    ['a redirect', redirect, 'no connection'],
    ['a broken connection', cut, 'no connection'],
  ])('%s', async (_, handler, reason) => {
    await using server = await startOpenMeteo({ search: [handler, handler] });
    expect(await ask(server, { city: 'Beijing' })).toEqual({
      city: 'Beijing',
      country: 'China',
      temperature: 11.5,
      unit: '°C',
      conditions: 'mostly clear',
      humidityPercent: 38,
      windSpeedKmh: 9,
      source: 'sample',
      notice: 'offline sample, not current weather',
      sampleDate: '2026-11-01',
      sampleReason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['a forecast in the wrong unit', json(forecast)],
    [
      'a forecast with a null',
      json({ ...forecast, current: { ...forecast.current, temperature_2m: null } }),
    ],
    [
      'a forecast in miles',
      json({ ...forecast, current_units: { temperature_2m: '°F', wind_speed_10m: 'mp/h' } }),
    ],
  ])('%s', async (_, handler) => {
    await using server = await startOpenMeteo({ forecast: [handler, handler] });
    expect(await ask(server, { city: 'Beijing', unit: 'fahrenheit' })).toMatchObject({
      source: 'sample',
      temperature: 52.7,
      unit: '°F',
    });
  });

  test('a silent server, when the whole time is over', async () => {
    await using server = await startOpenMeteo({ search: [hang, hang] });
    const report = await ask(server, { city: '东京' }, { totalMs: 50 });
    expect(report).toMatchObject({
      city: '东京',
      country: '日本',
      source: 'sample',
      sampleReason: 'Open-Meteo: no answer within 50 ms',
    });
  });

  test('a fetch that never settles and ignores its signal', async () => {
    const fetch = () => new Promise<Response>(() => {});
    const tool = createWeather({ fetch, totalMs: 20 });
    expect(await tool.execute({ city: 'Paris' }, context())).toMatchObject({ source: 'sample' });
  });

  test('a refused connection', async () => {
    const server = await startOpenMeteo();
    await server[Symbol.asyncDispose]();
    expect(await ask(server, { city: 'Paris' })).toMatchObject({
      source: 'sample',
      sampleReason: 'Open-Meteo: no connection',
    });
  });
});

describe('offline', () => {
  test('the option answers from the sample without a request', async () => {
    await using server = await startOpenMeteo();
    expect(await ask(server, { city: 'new york, USA' }, { offline: true })).toMatchObject({
      city: 'New York',
      source: 'sample',
      sampleReason: 'offline mode',
    });
    expect(server.requests).toEqual([]);
  });

  test('ANYTURN_OFFLINE=1 is read at every call', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response('', { status: 404 }));
    vi.stubGlobal('fetch', fetch);
    vi.stubEnv('ANYTURN_OFFLINE', '1');
    expect(await weather.execute({ city: '上海' }, context())).toMatchObject({ source: 'sample' });
    expect(fetch).not.toHaveBeenCalled();
    vi.stubEnv('ANYTURN_OFFLINE', '');
    await weather.execute({ city: '上海' }, context());
    expect(fetch).toHaveBeenCalled();
  });

  test('a city outside the sample is refused with the cities that are in it', async () => {
    const refused = await failureOf(createWeather({ offline: true }), { city: 'Ulan\u0007 Bator' });
    expect(refused.toJSON()).toEqual({
      code: 'unavailable',
      retryable: true,
      message:
        'No weather for "Ulan\\u0007 Bator" without a network (offline mode): the offline sample knows only Beijing, Shanghai, Tokyo, Paris, London, New York and 65 more big cities. Try again when the network is there.',
    });
  });

  test('a city outside the sample says why the network failed', async () => {
    await using server = await startOpenMeteo({ search: [status(500), status(500)] });
    const refused = await failureOf(createWeather(urls(server)), { city: 'Gotham' });
    expect(refused).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('(Open-Meteo: HTTP 500)'),
    });
  });
});

describe('the sample', () => {
  test.each([
    ['Beijing', 'Beijing'],
    ['PEKING', 'Beijing'],
    ['北京市', 'Beijing'],
    ['中国北京', 'Beijing'],
    ['Beijing, China', 'Beijing'],
    ['xian', "Xi'an"],
    ['Xi’an', "Xi'an"],
    ['sao paulo', 'São Paulo'],
    ['München', 'Munich'],
    ['東京都', 'Tokyo'],
    ['San Francisco, CA', 'San Francisco'],
    ['NYC', 'New York'],
    ['纽约', 'New York'],
    ['London, UK', 'London'],
  ])('knows %s as %s', (asked, name) => {
    expect(findSampleCity(asked)?.name).toBe(name);
  });

  test.each(['Paris, Texas', 'London, Ontario', 'constructor', '__proto__', '市', '', 'Par'])(
    'does not take %j for a big city',
    (asked) => {
      expect(findSampleCity(asked)).toBeUndefined();
    },
  );
});

describe('answers that the sample must not cover up', () => {
  test('a city that the geocoder does not know', async () => {
    await using server = await startOpenMeteo({ search: [json({ generationtime_ms: 0.4 })] });
    const refused = await failureOf(createWeather(urls(server)), { city: 'Paris' });
    expect(refused.toJSON()).toEqual({
      code: 'not_found',
      retryable: false,
      message: 'No city named "Paris" was found. Check the spelling, or use its English name.',
    });
  });

  test('an empty list of places', async () => {
    await using server = await startOpenMeteo({ search: [json({ results: [] })] });
    expect(await failureOf(createWeather(urls(server)), { city: 'Paris' })).toMatchObject({
      code: 'not_found',
    });
  });

  test('a key that is refused, without telling the key', async () => {
    const apiKey = 'abcdef0123456789';
    await using server = await startOpenMeteo({ search: [status(403)] });
    const refused = await failureOf(createWeather({ ...urls(server), apiKey }), { city: 'Paris' });
    expect(refused).toMatchObject({ code: 'auth', httpStatus: 403 });
    expect(String(refused.stack) + JSON.stringify(refused)).not.toContain(apiKey);
  });
});

test('the key stays out of the error of a failing fetch', async () => {
  const apiKey = 'abcdef0123456789';
  const fetch = async (url: unknown) => {
    throw new TypeError(`Failed to fetch ${String(url)}`);
  };
  const tool = createWeather({ fetch: fetch as typeof globalThis.fetch, apiKey });
  const refused = await failureOf(tool, { city: 'Gotham' });
  const causes = [refused, refused.cause, (refused.cause as Error).cause];
  expect(causes.at(-1)).toMatchObject({ message: expect.stringContaining('Failed to fetch') });
  expect(
    causes.map((error) => JSON.stringify(error) + (error as Error).message).join(),
  ).not.toContain(apiKey);
});

describe('an abort ends the call at once', () => {
  test.each([
    ['while the geocoder is silent', { search: [hang] }],
    ['while the forecast is silent', { forecast: [hang] }],
  ])('%s', async (_, routes) => {
    const controller = new AbortController();
    await using server = await startOpenMeteo(routes, () => controller.abort());
    const tool = createWeather(urls(server));
    expect(await failureOf(tool, { city: 'Beijing' }, controller.signal)).toMatchObject({
      code: 'aborted',
      retryable: false,
    });
  });

  test('while a body is on its way', async () => {
    const controller = new AbortController();
    const body = new ReadableStream({
      pull: () => {
        controller.abort();
        return new Promise(() => {});
      },
    });
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(body));
    const refused = await failureOf(createWeather({ fetch }), { city: 'Rome' }, controller.signal);
    expect(refused.code).toBe('aborted');
  });

  test('in the pause before the second attempt', async () => {
    const controller = new AbortController();
    const fetch = vi.fn<typeof globalThis.fetch>(async () => {
      setTimeout(() => controller.abort());
      return new Response('', { status: 429 });
    });
    const refused = await failureOf(createWeather({ fetch }), { city: 'Rome' }, controller.signal);
    expect(refused.code).toBe('aborted');
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('before a request, when it came before the call', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    const refused = await failureOf(
      createWeather({ fetch }),
      { city: 'Rome' },
      AbortSignal.abort(),
    );
    expect(refused.code).toBe('aborted');
    expect(fetch).not.toHaveBeenCalled();
  });

  test('also offline', async () => {
    const tool = createWeather({ offline: true });
    expect(await failureOf(tool, { city: 'Paris' }, AbortSignal.abort())).toMatchObject({
      code: 'aborted',
    });
  });
});

test('a base URL that is none is refused when the tool is created, without its credentials', () => {
  expect(() => createWeather({ forecastBaseURL: 'ftp://user:hunter22@host/v1' })).toThrowError(
    expect.objectContaining({
      code: 'config',
      message: expect.stringMatching(/^The forecastBaseURL .*"ftp:\/\/host\/v1"/),
    }),
  );
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Routes {
  /** One handler per request, in order. */
  search?: Handler[];
  forecast?: Handler[];
}

const beijing = {
  name: 'Beijing',
  latitude: 39.9,
  longitude: 116.4,
  country: 'China',
  admin1: 'Beijing',
  population: 18_960_744,
};

const forecast = {
  utc_offset_seconds: 28_800,
  current_units: { time: 'iso8601', temperature_2m: '°C', wind_speed_10m: 'km/h' },
  current: {
    time: '2026-11-10T14:30',
    interval: 900,
    temperature_2m: 7.5,
    relative_humidity_2m: 60,
    wind_speed_10m: 11.2,
    weather_code: 61,
  },
};

function json(body: unknown): Handler {
  return (_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  };
}

function found(...exchange: Parameters<Handler>): void {
  json({ results: [beijing], generationtime_ms: 0.5 })(...exchange);
}

function current(request: IncomingMessage, response: ServerResponse): void {
  const isFahrenheit = request.url?.includes('temperature_unit=fahrenheit');
  const body = {
    ...forecast,
    ...(isFahrenheit && {
      current_units: { ...forecast.current_units, temperature_2m: '°F' },
      current: { ...forecast.current, temperature_2m: 45.5 },
    }),
  };
  json(body)(request, response);
}

function status(code: number): Handler {
  return (_, response) => {
    response.writeHead(code).end(JSON.stringify({ error: true, reason: 'no' }));
  };
}

function hang(): void {}

function html(_: IncomingMessage, response: ServerResponse): void {
  response
    .setHeader('content-type', 'text/html')
    .end('<html>Please log in to the hotel Wi-Fi</html>');
}

function huge(_: IncomingMessage, response: ServerResponse): void {
  response.end(JSON.stringify({ results: [{ ...beijing, postcodes: 'x'.repeat(100_000) }] }));
}

function redirect(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(302, { location: '/search?name=elsewhere' }).end();
}

function cut(_: IncomingMessage, response: ServerResponse): void {
  response.destroy();
}

/** Plays both services; `onHandled` runs after each of the handlers listed. */
async function startOpenMeteo(routes: Routes = {}, onHandled?: () => void) {
  const queues = {
    '/search': [...(routes.search ?? [])],
    '/forecast': [...(routes.forecast ?? [])],
  };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const isSearch = request.url?.startsWith('/search');
    const queued = queues[isSearch ? '/search' : '/forecast'].shift();
    (queued ?? (isSearch ? found : current))(request, response);
    if (queued) onHandled?.();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function urls({ url }: { url: string }) {
  return { geocodingBaseURL: `${url}/`, forecastBaseURL: url };
}

function context(signal?: AbortSignal) {
  return {
    toolCallId: 'call-1',
    messages: [],
    context: undefined,
    ...(signal && { abortSignal: signal }),
  };
}

function ask(server: { url: string }, input: WeatherInput, options: WeatherOptions = {}) {
  return createWeather({ ...urls(server), ...options }).execute(input, context());
}

async function failureOf(
  tool: typeof weather,
  input: WeatherInput,
  signal?: AbortSignal,
): Promise<AnyturnError> {
  try {
    await tool.execute(input, context(signal));
  } catch (error) {
    if (AnyturnError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}

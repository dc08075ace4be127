/**
 * What the present-weather codes of WMO table 4677 mean, as far as Open-Meteo reports them.
 *
 * https://open-meteo.com/en/docs, section "WMO Weather interpretation codes", 2026-11
 */
const conditions: Readonly<Record<number, string>> = {
  0: 'clear sky',
  1: 'mostly clear',
  2: 'partly cloudy',
  3: 'overcast',
  45: 'fog',
  48: 'freezing fog',
  51: 'light drizzle',
  53: 'drizzle',
  55: 'heavy drizzle',
  56: 'light freezing drizzle',
  57: 'freezing drizzle',
  61: 'light rain',
  63: 'rain',
  65: 'heavy rain',
  66: 'light freezing rain',
  67: 'freezing rain',
  71: 'light snow',
  73: 'snow',
  75: 'heavy snow',
  77: 'snow grains',
  80: 'light showers',
  81: 'showers',
  82: 'violent showers',
  85: 'light snow showers',
  86: 'heavy snow showers',
  95: 'thunderstorm',
  96: 'thunderstorm with light hail',
  99: 'thunderstorm with heavy hail',
};

/** A WMO weather code in English words; a code that is not in the table says so. */
export function toConditions(weatherCode: number): string {
  return conditions[weatherCode] ?? `unknown (WMO code ${weatherCode})`;
}

import type { UserConfig } from 'tsdown';

/** How every published package is built; a package adds its `entry`. */
export const shared = {
  format: 'esm',
  fixedExtension: false,
  dts: true,
  sourcemap: true,
  publint: true,
  attw: { profile: 'esm-only' },
} satisfies UserConfig;

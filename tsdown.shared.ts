import type { UserConfig } from 'tsdown';

/** How every published package is built; a package adds its `entry`. */
export const shared = {
  format: 'esm',
  fixedExtension: false,
  dts: true,
  sourcemap: true,
  // A dependency is never copied into a package, not even its types.
  deps: { onlyBundle: [] },
  publint: true,
  attw: { profile: 'esm-only' },
} satisfies UserConfig;

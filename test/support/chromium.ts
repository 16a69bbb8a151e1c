import { existsSync } from 'node:fs';

const DEBIANS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;

/**
 * The browser that CHROMIUM names, or Debian's. Its headless shell lays out, draws and runs scripts
 * with the same engine for half the CPU time: it lacks only the browser's own windows, which no
 * test looks at.
 */
export const CHROMIUM =
  process.env['CHROMIUM'] ?? DEBIANS.find((path) => existsSync(path)) ?? DEBIANS[0];

export const hasChromium = (): boolean => existsSync(CHROMIUM);

/** Path of an installed browser, or null. */
export function systemChromium(): string | null;
/** Path of a Chromium that starts, fetched if need be; null if there is none to be had. */
export function ensureChromium(): Promise<string | null>;

// Prints the path of a Chromium that starts, fetching one if need be. Exit 3 if there is none to be had.
import { ensureChromium } from './chromium.mjs';

const path = await ensureChromium();
if (path === null) process.exit(3);
console.log(path);

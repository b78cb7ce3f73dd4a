import { defineConfig, type Plugin } from 'vite';
import react from '@vitejs/plugin-react';
import { offline } from './scripts/offline-plugin.ts';

/** Nothing but the page's own files; no inline script, no eval. Monaco writes style elements, hence `unsafe-inline` for styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Puts the content security policy into the built page; the development server needs inline scripts. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), contentSecurityPolicy(), offline()],
  worker: {
    format: 'iife',
    rolldownOptions: { output: { entryFileNames: 'assets/thread-[name]-[hash].js' } },
  },
  build: { target: 'es2023', chunkSizeWarningLimit: 4096, assetsInlineLimit: 0 },
  server: { host: '127.0.0.1' },
});

import { defaultClientConditions, defineConfig } from 'vite';

/** Where `vite web` finds the service while the page is being worked on. */
const SERVICE = 'http://127.0.0.1:3000';

export default defineConfig({
  // Relative addresses: a proxy may put the page under any path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The packages of this repository are taken from their sources.
  resolve: { conditions: ['parley-source', ...defaultClientConditions] },
  build: {
    // The service serves this folder; its own build has emptied `dist` before.
    outDir: '../dist/web',
    emptyOutDir: true,
    // The content security policy of the page admits no data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What is needed at once is one file: split by who else needs it, it would compress worse.
      output: {
        codeSplitting: {
          groups: [
            { name: 'page', tags: ['$initial'], priority: 2 },
            // With all that it needs: everybody who has logged in.
            { name: 'chat', test: /web\/src\/chat\/chat(?:-screen)?\.tsx?$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/auth': SERVICE,
      '/rooms': SERVICE,
      '/conversations': SERVICE,
      '/join': SERVICE,
      '/direct': SERVICE,
      '/search': SERVICE,
      '/mentions': SERVICE,
      '/attachments': SERVICE,
      '/presence': SERVICE,
      '/chat': { target: SERVICE, ws: true },
    },
  },
});

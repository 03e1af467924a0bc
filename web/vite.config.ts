import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The texts every area needs before its first paint; they travel as one file per language. */
const firstTexts = /i18n\/(zh-CN|en)\/(portal|state|kit)\.json/

/** The libraries every page stands on: one file that compresses well and outlives our releases in caches. */
const frame =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack|i18next|react-i18next)\//

/** Writes into the service worker what it keeps: all files of the build but the gallery, so that an open page never misses a part. */
const keepFiles: Plugin = {
  name: 'keep-files',
  generateBundle(_, bundle) {
    const isGallery = (name: string) => /\/(kit-page|ui-kit)-/.test(name)
    const files = Object.keys(bundle).filter((name) => name.startsWith('assets/') && !isGallery(name))
    const worker = bundle['service-worker.js']
    if (worker?.type !== 'chunk' || !worker.code.includes('__FILES__')) {
      throw new Error('the service worker has no place for its list of files')
    }
    worker.code = worker.code.replace('__FILES__', files.map((name) => `/${name}`).join(' '))
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), keepFiles],
  // The server puts a fresh nonce in place of this mark on every answer, so no page needs an inline script or style.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: ['chrome111', 'safari16.4', 'firefox128'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        'service-worker': `${import.meta.dirname}/worker/service-worker.ts`,
      },
      output: {
        // A worker keeps only what lies below its own address, so it stands at the root under a name that stays.
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
        codeSplitting: {
          groups: [
            { name: 'frame', test: frame },
            {
              debugName: 'texts',
              name: (id) => {
                const language = firstTexts.exec(id)?.[1]
                return language ? `texts-${language}` : null
              },
            },
          ],
        },
      },
    },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/v1': { target: 'http://127.0.0.1:3000', changeOrigin: false } },
  },
})

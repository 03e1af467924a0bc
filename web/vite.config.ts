import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The texts every area needs before its first paint; they travel as one file per language. */
const firstTexts = /i18n\/(zh-CN|en)\/(portal|state|kit)\.json/

/** The libraries every page stands on: one file that compresses well and outlives our releases in caches. */
const frame =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack|i18next|react-i18next)\//

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
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
      output: {
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

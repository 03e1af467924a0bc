import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { chinese, english } from './navigation.ts'
import { linkPages, pageOf } from './site-pages.ts'

const here = import.meta.dirname

export default defineConfig({
  title: 'Baohao 保号',
  // The documents of the whole repository are pages, where they stand beside the code they describe.
  srcDir: '..',
  srcExclude: ['README.md', 'node_modules/**'],
  rewrites: pageOf,
  cacheDir: '../node_modules/.cache/vitepress',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  locales: { root: english, 'zh-CN': chinese },
  themeConfig: {
    logo: '/icon.svg',
    search: {
      provider: 'local',
      options: { locales: { 'zh-CN': { translations: chinese.searchWords } } },
    },
  },
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    config: linkPages,
  },
  vite: { publicDir: join(here, '../public') },
})

import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { chinese, english } from './navigation.ts'
import { linkPages, pageOf, reachDrawings } from './site-pages.ts'

const here = import.meta.dirname

/**
 * Words for the search. Chinese writes none apart, so every two neighbouring characters are one; with all of a query's to be
 * found, 原路退回 is found where it stands. Sent to the reader's browser as its text, so it can name nothing outside itself.
 */
function tokenize(text: string): string[] {
  const runs = text.match(/\p{Script=Han}+|[\p{L}\p{N}_]+/gu) ?? []
  return runs.flatMap((run) => {
    const characters = [...run]
    if (!/\p{Script=Han}/u.test(run) || characters.length < 3) return [run]
    return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
  })
}

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
      options: {
        miniSearch: { options: { tokenize }, searchOptions: { combineWith: 'AND' } },
        locales: { 'zh-CN': { translations: chinese.searchWords } },
      },
    },
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      linkPages(md)
      reachDrawings(md)
    },
  },
  vite: { publicDir: join(here, '../public') },
})

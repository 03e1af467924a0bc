import { Type } from 'typebox'
import english from '../../i18n/en/portal.json' with { type: 'json' }
import chinese from '../../i18n/zh-CN/portal.json' with { type: 'json' }
import { refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { httpErrors } from '../platform/problem.ts'
import { appIcon } from './app-icon.ts'
import type { Brand } from './brand.ts'

const publicFacts: Access = { who: ['anyone'], reach: 'name and icon of the brand' }
const A_DAY = 'public, max-age=86400'

/** What systems ask for: home screens of phones 192, splash screens 512, Apple's home screen 180. */
const icons: Readonly<Record<string, { readonly size: number; readonly maskable: boolean }>> = {
  '180.png': { size: 180, maskable: true },
  '192.png': { size: 192, maskable: false },
  '512.png': { size: 512, maskable: false },
  '512-maskable.png': { size: 512, maskable: true },
}

const places = { 'zh-CN': chinese.nav, en: english.nav } as const

/** What a phone needs to put the brand's pages on its home screen (W3C web app manifest). */
export function appManifest({ name, locale }: Pick<Brand, 'name' | 'locale'>) {
  const words = places[locale]
  const icon = (file: string, purpose: 'any' | 'maskable') => {
    const size = icons[file]?.size
    return { src: `/icons/${file}`, sizes: `${size}x${size}`, type: 'image/png', purpose }
  }
  return {
    id: '/',
    name: name[locale],
    short_name: name[locale],
    lang: locale,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f3f5f8',
    theme_color: '#ffffff',
    icons: [icon('192.png', 'any'), icon('512.png', 'any'), icon('512-maskable.png', 'maskable')],
    shortcuts: [
      { name: words.topUp, url: '/' },
      { name: words.numbers, url: '/me/numbers' },
      { name: words.orders, url: '/orders' },
    ],
  }
}

/** The pages as an app of the brand: its manifest and its icons. */
export async function appRoutes(http: Http): Promise<void> {
  const drawn = new Map<string, Buffer>()
  http.get('/app.webmanifest', { config: { access: publicFacts } }, async ({ brand }, reply) =>
    reply.type('application/manifest+json').header('cache-control', A_DAY).send(appManifest(brand)),
  )
  http.get(
    '/icons/:file',
    { config: { access: publicFacts }, schema: { params: Type.Object({ file: Type.String() }) } },
    async ({ brand, params }, reply) => {
      const icon = icons[params.file]
      if (!icon) throw refuse(httpErrors['route-not-found'])
      const name = `${brand.accent} ${params.file}`
      const png = drawn.get(name) ?? appIcon(brand.accent, icon.size, icon.maskable)
      drawn.set(name, png)
      return reply.type('image/png').header('cache-control', A_DAY).send(png)
    },
  )
}

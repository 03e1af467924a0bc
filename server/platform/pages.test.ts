import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createClock } from './clock.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { pages } from './pages.ts'

const root = mkdtempSync(join(tmpdir(), 'baohao-pages-'))
const dist = join(root, 'dist')
const INDEX =
  '<!doctype html><html lang="zh-CN"><script nonce="__CSP_NONCE__" src="/assets/app-1.js"></script></html>'
const SCRIPT = 'console.log("保号")'
mkdirSync(join(dist, 'assets'), { recursive: true })
writeFileSync(join(root, 'secret.js'), 'secret')
writeFileSync(join(dist, 'assets/app-1.js'), SCRIPT)
writeFileSync(join(dist, 'assets/app-1.js.br'), brotliCompressSync(SCRIPT))
writeFileSync(join(dist, 'service-worker.js'), 'self.skipWaiting()')

const http = await createHttp({
  clock: createClock(),
  log: createLog('silent'),
  secureOrigin: false,
  trustedProxies: 0,
  formTargets: [],
})
await http.register(
  pages({ dist, languageOf: (request) => (request.headers['accept-language'] === 'en' ? 'en' : 'zh-CN') }),
)
afterAll(async () => {
  await http.close()
  rmSync(root, { recursive: true })
})

let writes = 0
function writeIndex(text: string): void {
  const path = join(dist, 'index.html')
  writeFileSync(path, text)
  utimesSync(path, ++writes, writes)
}
beforeEach(() => writeIndex(INDEX))

describe('a page', () => {
  it.each(['/', '/top-up', '/numbers/01JD9Z3K6N8Q4W2V7X5Y0ABCDE', '/v10', '/assets'])(
    'at %s is the app',
    async (url) => {
      const response = await http.inject(url)
      expect(response.statusCode).toBe(200)
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(response.headers['cache-control']).toBe('no-store')
      const nonce = /script-src 'self' 'nonce-([0-9a-f]+)'/.exec(
        String(response.headers['content-security-policy']),
      )?.[1]
      expect(response.body).toBe(INDEX.replace('__CSP_NONCE__', String(nonce)))
    },
  )

  it('is in the reader’s language from its first line', async () => {
    const response = await http.inject({ url: '/', headers: { 'accept-language': 'en' } })
    expect(response.body).toContain('<html lang="en">')
  })

  it('is the new one as soon as it is built, and nothing while there is none', async () => {
    await http.inject('/')
    writeIndex('<html lang="zh-CN">new</html>')
    expect((await http.inject('/')).body).toBe('<html lang="zh-CN">new</html>')
    rmSync(join(dist, 'index.html'))
    expect((await http.inject('/')).statusCode).toBe(404)
    writeIndex(INDEX)
    expect((await http.inject('/')).statusCode).toBe(200)
  })

  it.each(['/v1/offers', '/v1/'])('at %s, which is the API’s, is not there', async (url) => {
    const response = await http.inject(url)
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ code: 'route-not-found' })
  })
})

describe('a file', () => {
  it('that is hashed is kept for ever, in the smallest form the browser reads', async () => {
    const plain = await http.inject('/assets/app-1.js')
    expect(plain.body).toBe(SCRIPT)
    const small = await http.inject({ url: '/assets/app-1.js', headers: { 'accept-encoding': 'br' } })
    expect(small.headers['content-encoding']).toBe('br')
    expect(small.rawPayload).toEqual(brotliCompressSync(SCRIPT))
    for (const { headers } of [plain, small]) {
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(headers['content-type']).toMatch(/javascript/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('of no hash is served as what it is', async () => {
    const response = await http.inject('/service-worker.js')
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toMatch(/javascript/)
  })

  it.each([
    '/assets/app-2.js',
    '/assets/',
    '/assets/..%2f..%2fsecret.js',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets/%00',
    '/none.js',
    '/..%2fsecret.js',
    '/.env.js',
  ])('%s is not there, and no cache keeps that', async (url) => {
    const response = await http.inject(url)
    expect(response.body).not.toContain('secret')
    expect(response.statusCode).toBe(404)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toMatchObject({ code: 'route-not-found' })
  })

  it('is not sent again to who has it, and a part that does not exist is no fault', async () => {
    const { headers } = await http.inject('/assets/app-1.js')
    const again = await http.inject({
      url: '/assets/app-1.js',
      headers: { 'if-none-match': String(headers.etag) },
    })
    expect({ status: again.statusCode, body: again.body }).toEqual({ status: 304, body: '' })
    const part = await http.inject({ url: '/assets/app-1.js', headers: { range: 'bytes=99999-' } })
    expect(part.statusCode).toBeLessThan(500)
  })
})

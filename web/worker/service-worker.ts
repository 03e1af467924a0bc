// Keeps the pages for when there is no network. It never answers a write, and of the API it keeps the public facts of the brand
// and its price table alone: what belongs to a session is not on the device once the page is closed.

/** Our own build's files, `/assets/...` each, written here at build time: another release is another worker. */
const files = '__FILES__'.split(' ')
const shell = '/'
const facts = '/v1/brand'
const prices = '/v1/price-table'
const prefix = 'pages-'

/** The release, by its files. */
const cacheName = prefix + hashOf(files.join(' '))

// The parts of the Service Worker API (W3C) used here; TypeScript's own list of them excludes the DOM the pages need.
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Asked extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Worker {
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', work: (event: Lasting) => void): void
  addEventListener(type: 'fetch', work: (event: Asked) => void): void
  addEventListener(type: 'message', work: (event: MessageEvent) => void): void
}
const worker = globalThis as unknown as Worker

/** FNV-1a, 32 bits: tells releases apart. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return (hash >>> 0).toString(36)
}

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll([shell, facts, ...files]))
      .then(keepPrices),
  )
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(prefix) && name !== cacheName))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  )
})

// A newer release waits until the person says so: a page never changes under somebody who pays.
worker.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void worker.skipWaiting()
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') return event.respondWith(fromNetwork(request, shell))
  if (pathname === prices) return event.respondWith(fromNetwork(request, prices))
  if (pathname === facts) {
    // Every visit begins with it: so prices are as old as the last visit, whatever page that was to.
    event.waitUntil(keepPrices())
    return event.respondWith(fromNetwork(request, facts))
  }
  if (pathname.startsWith('/assets/')) event.respondWith(fromCache(request))
})

/** The network's answer; without one, what was kept under that name. Every address of the app is the same page. */
async function fromNetwork(request: Request, kept: string): Promise<Response> {
  try {
    const answer = await fetch(request)
    // The shell stays that of this release; what is told of the brand may be newer.
    if (kept !== shell && answer.ok) await (await caches.open(cacheName)).put(kept, answer.clone())
    return answer
  } catch (error) {
    const answer = await caches.match(kept)
    if (answer) return answer
    throw error
  }
}

/** The pages do without: a brand may have no price table yet. */
async function keepPrices(): Promise<void> {
  await (await caches.open(cacheName)).add(prices).catch(() => {})
}

/** Files with a hash in their name never change. */
async function fromCache(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request))
}

import { readFile } from 'node:fs/promises'
import { type Answer, plain, type Request } from '../http.ts'
import { html, languageOf, page, type Words } from '../web/page.ts'

const words: Words<'title' | 'lead' | 'address' | 'open'> = {
  'zh-CN': {
    title: '微信内置浏览器（沙箱）',
    lead: '像在微信里一样打开本机的网页：页面认得出微信，也能调起微信支付。',
    address: '网页地址',
    open: '打开',
  },
  en: {
    title: "WeChat's browser (sandbox)",
    lead: 'Opens a page of this machine as WeChat does: it knows that it is inside WeChat, and can launch WeChat Pay.',
    address: 'Address',
    open: 'Open',
  },
}

const COOKIE = 'wechat-browser-at'
/** What belongs to one connection, or to a body as it was before it was read. */
const DROPPED = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
  'date',
]

/**
 * WeChat's own browser, as far as a page can tell: whatever is asked of WeChat's port and is none of its calls is asked of the page
 * that was opened last, and comes back with the bridge in it. Wallet and authorisation stay inside, as they do in WeChat.
 */
export async function createInAppBrowser(
  /** Origin of the wallet's pages. */
  home: () => string,
): Promise<(request: Request) => Promise<Answer>> {
  const script = await readFile(new URL('../web/wechat-bridge.js', import.meta.url), 'utf8')
  return async (request) => {
    const { pathname, searchParams } = request.url
    if (pathname.startsWith('/v3/')) return plain(404, 'Nothing here.')
    if (pathname === '/sandbox/bridge.js') return text('text/javascript; charset=utf-8', script)
    if (pathname === '/sandbox/over')
      return text('text/html; charset=utf-8', '<!doctype html><title>over</title>')
    if (pathname === '/sandbox/open') return open(request, searchParams.get('url') ?? '')
    const ofWallet =
      pathname.startsWith('/wechat/') || pathname === '/style.css' || pathname === '/refresh.js'
    const at = ofWallet ? home() : openedAt(request)
    return at === undefined ? entry(request) : await fetched(request, at, ofWallet)
  }
}

function entry(request: Request): Answer {
  const say = words[languageOf(request)]
  return page(request, {
    title: say.title,
    look: 'desk',
    main: html`<h1>${say.title}</h1><p>${say.lead}</p>
<form action="/sandbox/open"><label for="url">${say.address}</label>
<input id="url" name="url" type="url" value="http://127.0.0.1:3000/" required>
<button data-testid="open">${say.open}</button></form>`,
  })
}

/** Only this machine's pages: nobody else's are to be shown under an address of this machine. */
function open(request: Request, address: string): Answer {
  const url = URL.parse(address)
  if (url?.protocol !== 'http:' || url.hostname !== '127.0.0.1') return entry(request)
  const cookie = `${COOKIE}=${encodeURIComponent(url.origin)}; Path=/; HttpOnly; SameSite=Lax`
  const location = `${url.pathname}${url.search}`
  return { status: 303, headers: { location, 'set-cookie': cookie } }
}

function openedAt({ headers }: Request): string | undefined {
  const [, value] = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.cookie ?? '') ?? []
  const url = value === undefined ? null : URL.parse(decodeURIComponent(value))
  return url?.hostname === '127.0.0.1' ? url.origin : undefined
}

async function fetched(request: Request, at: string, ofWallet: boolean): Promise<Answer> {
  const { url, headers, method } = request
  // Neither passes through here whole; a page does without both.
  if (headers['service-worker'] !== undefined) return plain(404, 'No workers inside WeChat.')
  if (headers.accept?.includes('text/event-stream')) return plain(503, 'No streams through this browser.')
  const {
    host: _host,
    connection: _connection,
    'accept-encoding': _encoding,
    'content-length': _length,
    ...kept
  } = headers
  const answer = await fetch(`${at}${url.pathname}${url.search}`, {
    method,
    headers: {
      ...(kept as Record<string, string>),
      ...(headers.origin === undefined ? {} : { origin: at }),
    },
    ...(method === 'GET' ? {} : { body: request.text() }),
    redirect: 'manual',
  })
  const told: Record<string, string | string[]> = Object.fromEntries(
    [...answer.headers].filter(([name]) => !DROPPED.includes(name)),
  )
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) told['set-cookie'] = cookies
  const location = answer.headers.get('location')
  if (location !== null) told.location = inside(location, [at, url.origin])
  const body = Buffer.from(await answer.arrayBuffer())
  if (!`${told['content-type']}`.startsWith('text/html'))
    return { status: answer.status, headers: told, body }
  delete told['x-frame-options']
  const policy = told['content-security-policy']
  // The wallet is shown over the page, in a frame of it.
  if (policy)
    told['content-security-policy'] = `${policy}`.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
  const markup = body.toString('utf8')
  return {
    status: answer.status,
    headers: told,
    body: ofWallet ? markup : markup.replace('<head>', '<head><script src="/sandbox/bridge.js"></script>'),
  }
}

/** Where a browser goes on: a page that is open in this one stays in it. */
export function onwards(request: Request, location: string): string {
  const at = openedAt(request)
  return at === undefined ? location : inside(location, [at])
}

/** An address of the page, or of WeChat's, as one of this browser's own. */
function inside(location: string, origins: readonly string[]): string {
  const url = URL.parse(location)
  return url && origins.includes(url.origin) ? `${url.pathname}${url.search}${url.hash}` : location
}

function text(type: string, body: string): Answer {
  return { status: 200, headers: { 'content-type': type }, body }
}

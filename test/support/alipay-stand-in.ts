import { createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the gateway does with one call: answers these fields, or fails in a way networks and vendors fail. */
export type Reply =
  | Readonly<Record<string, unknown>>
  | 'cut'
  | 'hang'
  | 'http-500'
  | 'wrong-signature'
  | { readonly text: string }

export interface Call {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  readonly biz: Readonly<Record<string, unknown>>
}

/** The other end of `gateway.do`, as a test scripts it: signs with `node:crypto` and checks our signature over each call. */
export interface AlipayStandIn {
  readonly gateway: string
  /** Base64 SPKI. */
  readonly publicKey: string
  readonly calls: Call[]
  /** What a method answers from now on. */
  on(method: string, reply: Reply | ((call: Call) => Reply | Promise<Reply>)): void
  /** A notification's body, signed with Alipay's key or the one given. */
  notification(fields: Readonly<Record<string, string>>, key?: KeyObject): string
  /** The bytes of an answer, signed, for tests that spoil them. */
  answer(method: string, fields: Readonly<Record<string, unknown>>): string
  close(): Promise<void>
}

/** A 2048-bit RSA pair; base64 DER of both halves. */
export function rsaPair(): {
  readonly privateKey: string
  readonly publicKey: string
  readonly key: KeyObject
} {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    key: privateKey,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}

export function rsa2(content: string, key: KeyObject): string {
  return createSign('RSA-SHA256').update(content, 'utf8').sign(key, 'base64')
}

/** Sorted `k=v` joined by `&`, values as they are: what RSA2 signs. */
export function signContent(fields: Readonly<Record<string, string>>, without: readonly string[]): string {
  return Object.keys(fields)
    .filter((name) => !without.includes(name))
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
}

/** Plays the reply; `answer` signs fields as the method's answer. */
function send(response: ServerResponse, reply: Reply, answer: (fields: object) => string): void {
  if (reply === 'hang') return
  if (reply === 'cut') {
    response.destroy()
    return
  }
  if (reply === 'http-500') {
    response.writeHead(500).end('<html>busy</html>')
    return
  }
  const text =
    reply === 'wrong-signature'
      ? answer({ code: '10000' }).replace(/"sign":"..../, '"sign":"AAAA')
      : 'text' in reply
        ? String(reply.text)
        : answer(reply)
  response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(text)
}

export async function startAlipayStandIn(merchantPublicKey: string): Promise<AlipayStandIn> {
  const pair = rsaPair()
  const calls: Call[] = []
  const replies = new Map<string, Reply | ((call: Call) => Reply | Promise<Reply>)>()

  function answer(method: string, fields: Readonly<Record<string, unknown>>): string {
    const content = JSON.stringify(fields)
    return `{"${method.replaceAll('.', '_')}_response":${content},"sign":"${rsa2(content, pair.key)}"}`
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const params = Object.fromEntries([
      ...new URL(request.url ?? '/', 'http://stand-in').searchParams,
      ...new URLSearchParams(Buffer.concat(chunks).toString('utf8')),
    ])
    const method = params.method ?? ''
    const genuine = createVerify('RSA-SHA256')
      .update(signContent(params, ['sign']), 'utf8')
      .verify(
        `-----BEGIN PUBLIC KEY-----\n${merchantPublicKey}\n-----END PUBLIC KEY-----`,
        params.sign ?? '',
        'base64',
      )
    const call = { method, params, biz: JSON.parse(params.biz_content ?? '{}') as Record<string, unknown> }
    calls.push(call)
    const scripted = replies.get(method) ?? { code: '40002', sub_code: 'isv.invalid-method' }
    const reply = !genuine
      ? { code: '40002', sub_code: 'isv.invalid-signature' }
      : typeof scripted === 'function'
        ? await scripted(call)
        : scripted
    send(response, reply, (fields) => answer(method, fields as Record<string, unknown>))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway.do`,
    publicKey: pair.publicKey,
    calls,
    on: (method, reply) => void replies.set(method, reply),
    answer,
    notification(fields, key = pair.key) {
      const sign = rsa2(signContent(fields, ['sign', 'sign_type']), key)
      return new URLSearchParams({ ...fields, sign_type: 'RSA2', sign }).toString()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before a house and loses answers: the house has answered, and whoever asked never hears it. */
export interface LosingProxy {
  readonly origin: string
  /** So many of the next answers to writes are lost. */
  lose(answers: number): void
  /** How many writes were passed on. */
  writes(): number
  close(): Promise<void>
}

export async function startLosingProxy(origin: string): Promise<LosingProxy> {
  let toLose = 0
  let passed = 0
  const proxy = createServer((asked, answer) => {
    const isWrite = asked.method === 'POST'
    const onward = request(
      origin + asked.url,
      { method: asked.method ?? 'GET', headers: asked.headers },
      (told) => {
        if (isWrite) passed++
        if (isWrite && toLose > 0) {
          toLose--
          told.resume().on('end', () => asked.socket.destroy())
          return
        }
        answer.writeHead(told.statusCode ?? 502, told.headers)
        told.pipe(answer)
      },
    )
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lose(answers) {
      toLose = answers
    },
    writes: () => passed,
    async close() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** Where in the life of a COMMIT the connection is cut: before the server sees it, or before its answer is seen. */
export type Cut = 'before-commit' | 'after-commit'

/** A TCP proxy before PostgreSQL that cuts the first connection to send COMMIT after `arm`. */
export interface CuttingProxy {
  /** The same database, through the proxy. */
  readonly url: string
  /** Cuts once. Resolves when it has cut. */
  arm(cut: Cut): Promise<void>
  close(): Promise<void>
}

/** `commit` as a simple query (protocol 3.0, 55.7): type Q, length, text, zero. */
const COMMIT = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1')

/** `url` leads to a server on a Unix socket, as tests' clusters do. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const { username, password, pathname, searchParams } = new URL(url.replace('@/', '@socket/'))
  const path = `${searchParams.get('host')}/.s.PGSQL.5432`
  let armed: { readonly cut: Cut; readonly done: () => void } | undefined
  const open = new Set<Socket>()

  function join(client: Socket): void {
    const server = connect(path)
    for (const socket of [client, server]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket)).on('error', () => undefined)
    }
    let cutting = false
    client.on('data', (chunk: Buffer) => {
      const at = armed ? chunk.indexOf(COMMIT) : -1
      if (!armed || at < 0) {
        server.write(chunk)
        return
      }
      const { cut, done } = armed
      armed = undefined
      cutting = true
      // What was sent before the COMMIT in the same packet arrives in either case.
      server.write(cut === 'after-commit' ? chunk : chunk.subarray(0, at))
      const cutOff = () => {
        client.destroy()
        server.end()
        done()
      }
      // The server has committed once it answers; the client never sees it.
      if (cut === 'after-commit') awaitCommit(server, cutOff)
      else cutOff()
    })
    server.on('data', (chunk: Buffer) => void (cutting || client.write(chunk)))
    client.on('close', () => server.end())
    server.on('close', () => client.destroy())
  }

  const proxy = createServer(join)
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${port}${pathname}`,
    arm: (cut) =>
      new Promise((done) => {
        armed = { cut, done }
      }),
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

/** Calls back when the server says `CommandComplete: COMMIT`, however its answer is cut into packets. */
function awaitCommit(server: Socket, then: () => void): void {
  let seen = Buffer.alloc(0)
  server.on('data', (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk])
    if (seen.includes('COMMIT\0')) then()
  })
}

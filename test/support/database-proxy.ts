import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'

/** When to cut the connection that commits: before the server hears of it, or after it has and before its answer is seen. */
export type Cut = 'before-commit' | 'after-commit'

/** A TCP door to a PostgreSQL server on a Unix socket, that counts what passes and can be told to cut. */
export interface DatabaseProxy {
  /** The connection string of a client that goes through here. */
  readonly url: string
  /** How often clients sent something after everything before was answered: round trips begun. */
  readonly flights: number
  /** Cuts the next connection that sends COMMIT; once. */
  cutAt(cut: Cut): void
  close(): Promise<void>
}

/** Answers wait this long for more of what the client sends at once, so that one burst counts as one. */
const LULL_MS = 15

const COMMIT = 'commit\0'
const COMMITTED = 'COMMIT\0'

/** `url` names role, password, database and the socket's directory as `host`. The proxy ends with the test file. */
export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const { username, password, pathname, searchParams } = new URL(url.replace('@/', '@socket/'))
  const path = `${searchParams.get('host')}/.s.PGSQL.5432`
  const sockets = new Set<Socket>()
  let flights = 0
  let cut: Cut | undefined

  const server = createServer((client) => {
    const upstream = connect(path)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let answered = true
    let cutting = false
    client.on('data', (sent) => {
      if (answered) flights++
      answered = false
      const commits = cut !== undefined && sent.includes(COMMIT)
      if (commits && cut === 'before-commit') {
        cut = undefined
        client.destroy()
        return
      }
      if (commits) cutting = true
      upstream.write(sent)
    })
    upstream.on('data', async (answer) => {
      if (cutting) {
        // Nothing more is let through; the server is done with it when it says so.
        if (!answer.includes(COMMITTED)) return
        cut = undefined
        client.destroy()
        return
      }
      await sleep(LULL_MS)
      answered = true
      client.write(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  afterAll(close)
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${port}${pathname}`,
    get flights() {
      return flights
    },
    cutAt(when) {
      cut = when
    },
    close,
  }
}

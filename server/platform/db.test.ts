import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { databaseProxy } from '../../test/support/database-proxy.ts'
import {
  brokenConstraint,
  CommitUnknown,
  createDb,
  type Db,
  insideTransaction,
  isConnectionLoss,
  type Tx,
} from './db.ts'
import { createLog } from './log.ts'
import { outbound } from './outbound-http.ts'

const { db, owner, ownerUrl, appUrl } = await testDatabase()
await owner.query('create table laika.note (id uuid primary key, text text unique check (length(text) < 40))')
await owner.query('grant all on laika.note to baohao_app')
const laika = db.of('laika')
const log = createLog('silent')

function another(url: string, connections = 2): Db {
  const made = createDb({ url, connections, log, applicationName: 'another' })
  afterAll(() => made.close())
  return made
}

const INSERT = 'insert into {{brand}}.note values ($1, $2)'
const write = (tx: Tx, text: string) => tx.query(INSERT, [randomUUID(), text])
const send = (tx: Tx, text: string) => tx.send(INSERT, [randomUUID(), text])
const notes = async (like: string) =>
  (await owner.query('select text from laika.note where text like $1 order by text', [`${like}%`])).rows.map(
    (row) => row.text,
  )

describe('a statement', () => {
  it('runs in the schema of its brand', async () => {
    await laika.query(INSERT, [randomUUID(), 'brand'])
    expect(await laika.query('select text from {{brand}}.note where text = $1', ['brand'])).toEqual([
      { text: 'brand' },
    ])
    await expect(db.of('harbour').query('select from {{brand}}.note')).rejects.toThrow('"harbour.note"')
    await expect(laika.query('select from {{papers}}.note')).rejects.toThrow('laika_papers.note')
    expect(db.platform.brand).toBe('platform')
    expect(db.of('laika')).toBe(laika)
  })

  it.each(['', 'a', 'Laika', 'laika"; drop schema laika; --', 'pg catalog', 'a'.repeat(22)])(
    'of a brand that cannot be one is refused: %j',
    (key) => {
      expect(() => db.of(key)).toThrow('not a brand key')
    },
  )
})

describe('a transaction', () => {
  it('commits when its work returns, and answers what it returned', async () => {
    const answer = await laika.tx(async (tx) => {
      await write(tx, 'returned')
      expect(await notes('returned')).toEqual([])
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await notes('returned')).toEqual(['returned'])
  })

  it('rolls back when its work throws, and throws what it threw', async () => {
    const reason = new Error('no')
    const failing = laika.tx(async (tx) => {
      await write(tx, 'thrown')
      throw reason
    })
    await expect(failing).rejects.toBe(reason)
    expect(await notes('thrown')).toEqual([])
  })

  it('stands with everything that was sent, in the order it was sent', async () => {
    await laika.tx(async (tx) => {
      send(tx, 'sent 1')
      tx.send("update {{brand}}.note set text = 'sent 2' where text = 'sent 1'")
    })
    expect(await notes('sent')).toEqual(['sent 2'])
  })

  it('fails at its end when something sent failed, and nothing of it stands', async () => {
    await laika.query(INSERT, [randomUUID(), 'taken'])
    const failing = laika.tx(async (tx) => {
      send(tx, 'beside')
      send(tx, 'taken')
      return 'never answered'
    })
    expect(await failing.catch(brokenConstraint)).toBe('note_text_key')
    expect(await notes('beside')).toEqual([])
  })

  it('tells what failed first, not that everything after it failed too', async () => {
    const failing = laika.tx(async (tx) => {
      send(tx, 'x'.repeat(50))
      await write(tx, 'after')
    })
    expect(await failing.catch(brokenConstraint)).toBe('note_text_check')
    expect(await notes('after')).toEqual([])
  })

  it('is not taken for committed when its work swallowed a failure', async () => {
    const swallowing = laika.tx(async (tx) => {
      await write(tx, 'swallowed')
      await write(tx, 'swallowed').catch(() => undefined)
    })
    await expect(swallowing).rejects.toThrow('rolled back at commit')
    expect(await notes('swallowed')).toEqual([])
  })

  it('that failed gives its connection back, however it failed', async () => {
    const narrow = another(appUrl, 1).of('laika')
    for (let i = 0; i < 3; i++) {
      await expect(narrow.tx((tx) => tx.query('select 1 / 0'))).rejects.toThrow('division by zero')
      const sending = narrow.tx(async (tx) => tx.send('select 1 / 0'))
      await expect(sending).rejects.toThrow('division by zero')
      await expect(narrow.tx(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
      const cut = narrow.tx((tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'))
      expect(isConnectionLoss(await cut.catch((error) => error))).toBe(true)
    }
    expect(await narrow.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('knows it is one, and lets nobody call out of it', async () => {
    const call = vi.fn(async () => 'answered')
    expect(insideTransaction()).toBe(false)
    await laika.tx(async () => {
      expect(insideTransaction()).toBe(true)
      await Promise.resolve()
      await expect(outbound('provider', call)).rejects.toThrow('network call provider inside a transaction')
    })
    expect(call).not.toHaveBeenCalled()
    expect(insideTransaction()).toBe(false)
    expect(await outbound('provider', call)).toBe('answered')
  })

  it('sees the locks and writes of others as the server’s default says: what was committed before each statement', async () => {
    await laika.tx(async (tx) => {
      await write(tx, 'first')
      await laika.query(INSERT, [randomUUID(), 'between'])
      expect(await tx.query("select from {{brand}}.note where text = 'between'")).toHaveLength(1)
    })
  })
})

describe('what is sent together', () => {
  const count = async (work: (tx: Tx) => Promise<unknown>) => {
    const proxy = await databaseProxy(appUrl)
    const through = another(proxy.url, 1).of('laika')
    await through.query('select 1')
    const before = proxy.flights
    await through.tx(work)
    return proxy.flights - before
  }

  it('travels together: begin, three statements and a write with the commit are two round trips', async () => {
    const flights = await count(async (tx) => {
      await Promise.all([tx.query('select 1 as a'), tx.query('select 2 as b'), tx.query('select 3 as c')])
      send(tx, 'pipelined')
    })
    expect(flights).toBe(2)
    expect(await notes('pipelined')).toEqual(['pipelined'])
  })

  it('a transaction that only sends is one round trip', async () => {
    const flights = await count(async (tx) => {
      for (const i of [1, 2, 3]) send(tx, `only sent ${i}`)
    })
    expect(flights).toBe(1)
    expect(await notes('only sent')).toHaveLength(3)
  })

  it('statements awaited one by one are a round trip each', async () => {
    const flights = await count(async (tx) => {
      for (const sql of ['select 1 as a', 'select 2 as b', 'select 3 as c']) await tx.query(sql)
    })
    expect(flights).toBe(4)
  })
})

describe('a connection cut', () => {
  const commitThrough = async (cut: 'before-commit' | 'after-commit', text: string) => {
    const proxy = await databaseProxy(appUrl)
    const through = another(proxy.url, 1)
    proxy.cutAt(cut)
    const error: unknown = await through
      .of('laika')
      .tx(async (tx) => send(tx, text))
      .catch((reason) => reason)
    return { through, error }
  }

  it.each(['before-commit', 'after-commit'] as const)(
    '%s leaves the outcome unknown, to be asked by key',
    async (cut) => {
      const { through, error } = await commitThrough(cut, cut)
      if (!(error instanceof CommitUnknown)) throw error
      expect(isConnectionLoss(error.cause)).toBe(true)
      await vi.waitFor(async () => expect(await db.backendAlive(error.backendPid)).toBe(false), 10_000)
      expect(await notes(cut)).toEqual(cut === 'after-commit' ? [cut] : [])
      expect(await through.of('laika').query('select 1 as one')).toEqual([{ one: 1 }])
    },
  )

  it('before the commit is a plain failure: nothing stands', async () => {
    const failing = laika.tx(async (tx) => {
      await write(tx, 'cut early')
      const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      expect(await db.backendAlive(pid)).toBe(true)
      await tx.query('select pg_terminate_backend($1)', [pid])
    })
    const error = await failing.catch((reason) => reason)
    expect(error).not.toBeInstanceOf(CommitUnknown)
    expect(isConnectionLoss(error)).toBe(true)
    expect(await notes('cut early')).toEqual([])
  })

  it('while idle is noticed before it is used again', async () => {
    const idle = another(appUrl, 1).of('laika')
    const [{ pid } = { pid: 0 }] = await idle.query<{ pid: number }>('select pg_backend_pid() as pid')
    await laika.query('select pg_terminate_backend($1)', [pid])
    await vi.waitFor(async () => expect(await idle.query('select 1 as one')).toEqual([{ one: 1 }]), 10_000)
  })

  it('or never made is the same to whoever asks', async () => {
    const nowhere = another('postgres://baohao_app:app@127.0.0.1:1/none').of('laika')
    expect(isConnectionLoss(await nowhere.query('select 1').catch((error) => error))).toBe(true)
    const error = await another(ownerUrl.replace(':owner@', ':wrong@'))
      .of('laika')
      .query('select 1')
      .catch((reason) => reason)
    expect(isConnectionLoss(error)).toBe(false)
  })
})

describe('errors', () => {
  it.each([
    ['57P01', 'terminating connection due to administrator command', true],
    ['57P03', 'the database system is starting up', true],
    ['08006', 'connection failure', true],
    ['53300', 'sorry, too many clients already', true],
    ['ECONNRESET', 'read ECONNRESET', true],
    ['ETIMEDOUT', 'connect ETIMEDOUT', true],
    [undefined, 'Connection terminated unexpectedly', true],
    [undefined, 'timeout exceeded when trying to connect', true],
    ['23505', 'duplicate key value', false],
    ['40P01', 'deadlock detected', false],
    ['57014', 'canceling statement due to statement timeout', false],
    [undefined, 'invariant broken', false],
  ])('%s (%s) is a lost connection: %s', (code, message, lost) => {
    expect(isConnectionLoss(Object.assign(new Error(message), { code }))).toBe(lost)
  })

  it.each([undefined, null, 'text', { code: '57P01' }])('%j thrown is no lost connection', (thrown) => {
    expect(isConnectionLoss(thrown)).toBe(false)
  })

  it('name the constraint they broke, of any kind of constraint and of nothing else', () => {
    expect(brokenConstraint({ code: '23505', constraint: 'a_key' })).toBe('a_key')
    expect(brokenConstraint({ code: '23514', constraint: 'a_check' })).toBe('a_check')
    expect(brokenConstraint({ code: '40001', constraint: 'a_key' })).toBeUndefined()
    expect(brokenConstraint(new Error('no'))).toBeUndefined()
  })
})

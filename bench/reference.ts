import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { BenchCluster } from './cluster.ts'
import { type Measured, measure } from './measure.ts'

const SCALE = 20
const ACCOUNTS = 100_000 * SCALE
const TELLERS = 10 * SCALE
const CONNECTIONS = 16

/** The tables of TPC-B at scale 20, made and filled as pgbench does it (PostgreSQL documentation, pgbench). */
export async function prepareReference(cluster: BenchCluster): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.superUrl })
  await client.connect()
  await client.query(`
    create table bench_branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100);
    create table bench_tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
    create table bench_accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100);
    create table bench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    insert into bench_branches select b, 0 from generate_series(1, ${SCALE}) b;
    insert into bench_tellers select t, (t - 1) / 10 + 1, 0 from generate_series(1, ${TELLERS}) t;
    insert into bench_accounts select a, (a - 1) / 100000 + 1, 0, '' from generate_series(1, ${ACCOUNTS}) a`)
  await client.query('vacuum analyze')
  await client.end()
}

/** One transaction in its seven round trips, each a named statement. */
async function transaction(client: pg.Client): Promise<void> {
  const aid = randomInt(1, ACCOUNTS + 1)
  const tid = randomInt(1, TELLERS + 1)
  const bid = randomInt(1, SCALE + 1)
  const delta = randomInt(-5000, 5001)
  await client.query({ name: 'begin', text: 'begin' })
  await client.query({
    name: 'account',
    text: 'update bench_accounts set abalance = abalance + $1 where aid = $2',
    values: [delta, aid],
  })
  await client.query({
    name: 'balance',
    text: 'select abalance from bench_accounts where aid = $1',
    values: [aid],
  })
  await client.query({
    name: 'teller',
    text: 'update bench_tellers set tbalance = tbalance + $1 where tid = $2',
    values: [delta, tid],
  })
  await client.query({
    name: 'branch',
    text: 'update bench_branches set bbalance = bbalance + $1 where bid = $2',
    values: [delta, bid],
  })
  await client.query({
    name: 'history',
    text: 'insert into bench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)',
    values: [tid, bid, aid, delta],
  })
  await client.query({ name: 'end', text: 'end' })
}

export async function runReference(
  cluster: BenchCluster,
  seconds: number,
  warmUpSeconds: number,
): Promise<Measured> {
  const clients = Array.from(
    { length: CONNECTIONS },
    () => new pg.Client({ connectionString: cluster.superUrl }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  const measured = await measure(
    CONNECTIONS,
    async (worker) => {
      await transaction(clients[worker] as pg.Client)
      return null
    },
    seconds,
    warmUpSeconds,
  )
  await Promise.all(clients.map((client) => client.end()))
  return measured
}

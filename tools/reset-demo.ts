import { relative, resolve } from 'node:path'
import { NotReset, resetDemo } from '../server/demo/reset.ts'

// `npm run reset-demo`: drops the demo's data, so that the next `npm start` begins anew. It ends nothing that runs.

const dataDir = resolve(process.env.BAOHAO_DATA ?? '.data')
const shown = relative('', dataDir) || dataDir
try {
  if (process.env.DATABASE_URL)
    throw new NotReset('DATABASE_URL names a database of your own: drop and create it there.')
  resetDemo(dataDir)
  process.stdout.write(`The demo's data in ${shown} are dropped; npm start makes them anew.\n`)
} catch (error) {
  if (!(error instanceof NotReset)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

// The process entry: everything on its usual port unless told otherwise, addresses printed, then `ready`.
// With the cache on, a second start needs neither the time nor the memory of stripping types.
enableCompileCache()
const { startSandbox } = await import('./start.ts')

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '.data/sandbox' },
    'home-port': { type: 'string', default: '4000' },
    'alipay-port': { type: 'string', default: '4010' },
    'unionpay-port': { type: 'string', default: '4035' },
    'wechat-port': { type: 'string', default: '4020' },
    'card-port': { type: 'string', default: '4030' },
    'bank-port': { type: 'string', default: '4040' },
    'smpp-port': { type: 'string', default: '4050' },
    'smtp-port': { type: 'string', default: '4060' },
  },
})

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text)) fail(`"${text}" is not a port.`)
  return Number.parseInt(text, 10)
}

function fail(error: unknown): never {
  console.error('sandbox:', error instanceof Error ? error.message : error)
  process.exit(1)
}

const starting = startSandbox({
  dataDir: values['data-dir'],
  ports: {
    home: port(values['home-port']),
    alipay: port(values['alipay-port']),
    unionpay: port(values['unionpay-port']),
    wechat: port(values['wechat-port']),
    card: port(values['card-port']),
    bank: port(values['bank-port']),
    smpp: port(values['smpp-port']),
    smtp: port(values['smtp-port']),
  },
})

// Listening for the end before the start is over: whoever reads `ready` may end it in the same breath.
const stop = () => {
  starting.then((sandbox) => sandbox.stop()).then(() => process.exit(0), fail)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// A parent that dies without a word closes the channel: nobody is left to need a sandbox.
if (process.connected) process.once('disconnect', stop)

starting.then(({ addresses: { home, gateway, unionpay, wechat, card, bank, smpp, smtp } }) => {
  const lines = [
    `home ${home}`,
    `alipay ${gateway}`,
    `unionpay ${unionpay}`,
    `wechat ${wechat}`,
    `card ${card}`,
    `bank ${bank}`,
    `smpp ${smpp.host}:${smpp.port}`,
    `smtp ${smtp.host}:${smtp.port}`,
    'ready',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}, fail)

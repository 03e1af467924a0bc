import { parseArgs } from 'node:util'
import { startSandbox } from './start.ts'

// The process entry: everything on its usual port unless told otherwise, addresses printed, then `ready`.
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '.data/sandbox' },
    'home-port': { type: 'string', default: '4000' },
    'alipay-port': { type: 'string', default: '4010' },
    'smpp-port': { type: 'string', default: '4050' },
    'smtp-port': { type: 'string', default: '4060' },
  },
})

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new Error(`"${text}" is not a port.`)
  return Number.parseInt(text, 10)
}

try {
  const sandbox = await startSandbox({
    dataDir: values['data-dir'],
    ports: {
      home: port(values['home-port']),
      alipay: port(values['alipay-port']),
      smpp: port(values['smpp-port']),
      smtp: port(values['smtp-port']),
    },
  })
  const { home, gateway, smpp, smtp } = sandbox.addresses
  const lines = [
    `home ${home}`,
    `alipay ${gateway}`,
    `smpp ${smpp.host}:${smpp.port}`,
    `smtp ${smtp.host}:${smtp.port}`,
    'ready',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= sandbox.stop()
    stopping.then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('sandbox:', error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // A parent that dies without a word closes the channel: nobody is left to need a sandbox.
  if (process.connected) process.once('disconnect', stop)
} catch (error) {
  console.error('sandbox:', error instanceof Error ? error.message : error)
  process.exit(1)
}

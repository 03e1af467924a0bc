import { enableCompileCache } from 'node:module'

// A second start needs neither the time nor the memory of stripping types.
enableCompileCache()

const { Command, CommanderError } = await import('commander')
const { exitCodeOf, explain } = await import('./commands/explain.ts')
const { addOperatorCommands } = await import('./commands/operator-commands.ts')
const { addReconciliationCommands } = await import('./commands/reconciliation-commands.ts')
const { addUpkeepCommands } = await import('./commands/upkeep-commands.ts')
const { readConfig } = await import('./platform/config.ts')
const { armFailpoints } = await import('./platform/failpoint.ts')
const { runUntilEnded } = await import('./run-until-ended.ts')

/** Commander has said what is wrong with the command line, or has shown the help that was asked for. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  console.error(explain(error))
  process.exit(exitCodeOf(error))
}

const exit = (code: number): never => process.exit(code)

const say = (line: string) => void process.stdout.write(`${line}\n`)
// Whoever listened has gone (`| head`): what is under way is finished all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

function config() {
  const read = readConfig(process.env, process.cwd())
  armFailpoints(read.failpoints)
  return read
}

async function printConfig(): Promise<void> {
  const { configPrintCommand } = await import('./commands/config-print.ts')
  process.exitCode = configPrintCommand(process.env, process.cwd(), say) ? 0 : 1
}

const program = new Command('baohao')
  .description('Prepaid top-up and number retention')
  .showHelpAfterError()
  .exitOverride()

program
  .command('serve')
  .description('serve pages and API; in demo also work, with the sandbox beside it')
  .option('--print-config', 'say what would be used, secrets masked, and end')
  .action(async (options: { printConfig?: true }) => {
    if (options.printConfig) return await printConfig()
    const { serve } = await import('./serve.ts')
    await runUntilEnded(exit, () => serve(config(), process.env, say), fail)
  })

program
  .command('work')
  .description('send messages, query payments, expire orders, without serving')
  .option('--print-config', 'say what would be used, secrets masked, and end')
  .action(async (options: { printConfig?: true }) => {
    if (options.printConfig) return await printConfig()
    const { work } = await import('./serve.ts')
    await runUntilEnded(exit, () => work(config(), process.env), fail)
  })

program
  .command('migrate')
  .description(
    'bring the database to this version; needs DATABASE_ADMIN_URL unless the embedded database is used',
  )
  .action(async () => {
    const { migrateCommand } = await import('./commands/migrate.ts')
    await migrateCommand(config(), say)
  })

program
  .command('fsck')
  .description('prove the invariants of every brand, read-only; ends with 0 or 1')
  .option('--json', 'one JSON object instead of sentences')
  .action(async (options: { json?: true }) => {
    const { fsckCommand } = await import('./commands/fsck.ts')
    process.exitCode = (await fsckCommand(config(), options.json === true, say)) ? 0 : 1
  })

program
  .command('config')
  .description('the configuration')
  .command('print')
  .description('every setting with its value, secrets masked, and where it is from')
  .action(printConfig)

const clock = program.command('clock').description('the business clock of demo and test')
clock
  .command('advance <brand> <days>')
  .description('move a brand’s business clock forward by whole days')
  .action(async (brand: string, days: string) => {
    const { advanceCommand } = await import('./commands/clock-advance.ts')
    await advanceCommand(config(), brand, days, say)
  })

addOperatorCommands(program, { config, say })
addReconciliationCommands(program, { config, say })
addUpkeepCommands(program, { config, say })

await program.parseAsync().catch(fail)

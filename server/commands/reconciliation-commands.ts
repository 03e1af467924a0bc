import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

const brand = ['--brand <key>', 'the brand whose merchants they are'] as const
const provider = ['--provider <name>', 'the rail: alipay, wechat, card or unionpay'] as const
const merchant = ['--merchant <id>', 'the merchant, as merchant list shows it'] as const
const json = ['--json', 'JSON instead of sentences'] as const

/** Registers what holds providers' bills against the books; the file of the commands is loaded when one is run. */
export function addReconciliationCommands(program: Command, { config, say }: Surroundings): void {
  const reconciliation = program
    .command('reconciliation')
    .description('providers’ bills against orders and ledger')
  const load = () => import('./reconciliation.ts')
  reconciliation
    .command('run <date>')
    .description(
      'match the bills of a day, such as 2026-11-21, after reading one from a file or fetching those that are missing. Safe to run again; ends with 0 when no break is open, else with 1',
    )
    .requiredOption(...brand)
    .option(
      '--file <file>',
      'a bill as the provider’s console or API gave it; needs --provider and --merchant',
    )
    .option(...provider)
    .option(...merchant)
    .option('--sha1 <digits>', 'what WeChat Pay named as the hash of the file')
    .option('--owner <name>', 'who looks after the breaks it finds', 'finance')
    .option(...json)
    .action(async (date: string, options) => {
      process.exitCode = (await (await load()).runCommand(config(), date, options, say)) ? 0 : 1
    })
  reconciliation
    .command('breaks')
    .description('where bills and books differ, the oldest first')
    .requiredOption(...brand)
    .option('--all', 'closed ones too')
    .option(...json)
    .action(async (options) => await (await load()).breaksCommand(config(), options, say))
  reconciliation
    .command('close <break>')
    .description('close a break, by a reason or by an entry that brings the ledger to what the bill says')
    .requiredOption(...brand)
    .requiredOption('--reason <text>', 'why, for the books and the audit')
    .option('--entry', 'post the difference: written off, or kept as a receipt that nobody has claimed')
    .action(async (id: string, options) => await (await load()).closeCommand(config(), id, options, say))
  reconciliation
    .command('assign <break>')
    .description('give a break to somebody')
    .requiredOption(...brand)
    .requiredOption('--to <name>', 'who looks after it from now on')
    .action(async (id: string, options) => await (await load()).assignCommand(config(), id, options, say))
  reconciliation
    .command('settled')
    .description(
      'book money that a provider has sent to the bank for its bills up to a day. Safe to run again with the same reference',
    )
    .requiredOption(...brand)
    .requiredOption(...provider)
    .requiredOption(...merchant)
    .requiredOption('--amount <amount>', 'what came, such as 1000.00')
    .requiredOption('--through <date>', 'the day of the last bill that it pays')
    .requiredOption('--reference <text>', 'the bank’s number of the transfer')
    .action(async (options) => await (await load()).settledCommand(config(), options, say))
  reconciliation
    .command('terms')
    .description('say what fees a merchant’s contract has: bills from now on are held against it')
    .requiredOption(...brand)
    .requiredOption(...provider)
    .requiredOption(...merchant)
    .requiredOption('--fee-bp <parts>', 'parts of ten thousand of each payment; 60 is 0.6 %')
    .option('--fee-fixed <amount>', 'what is added to each payment, such as 0.20', '0')
    .option('--fee-returned', 'a refund gives its share of the fee back')
    .action(async (options) => await (await load()).termsCommand(config(), options, say))
}

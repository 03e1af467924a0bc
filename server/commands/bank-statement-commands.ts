import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers how a brand's own bank account takes transfers. */
export function addBankAccountCommand(merchant: Command, { config, say }: Surroundings): void {
  merchant
    .command('add-bank')
    .description(
      'take transfers to a bank account of the brand’s own: payers are told the account and a reference, statements tell what came. Run again to change it',
    )
    .requiredOption('--brand <key>', 'the brand whose account it is')
    .requiredOption('--id <name>', 'what the account is called here, such as main')
    .requiredOption('--holder <name>', 'in whose name it is, as the bank writes it')
    .requiredOption('--bank <name>', 'the bank and branch, as payers must write it')
    .option('--account <number>', 'the account’s number')
    .option('--sort-code <code>', 'in the United Kingdom, such as 20-00-00')
    .option('--iban <iban>', 'where accounts have one; then the number may be left out')
    .option('--bic <bic>', 'for transfers from abroad')
    .option('--pay-within <days>', 'how many days a payer has, 1 to 30', '3')
    .option(
      '--csv-profile <file>',
      'a JSON file that says which column of the bank’s CSV is what; without one the plain ones are tried',
    )
    .option(
      '--bank-key-file <file...>',
      'the public key with which the bank signs notices that it sends; without one none is taken',
    )
    .option('--off', 'offer it to nobody; what was begun with it goes on')
    .action(async (options) => {
      const { bankAddCommand } = await import('./bank-account.ts')
      await bankAddCommand(config(), process.env, options, say)
    })
}

/** Registers what is done with the bank's statements; the commands' file is loaded when one is run. */
export function addBankStatementCommands(program: Command, { config, say }: Surroundings): void {
  const statement = program
    .command('bank-statement')
    .description('what came to the brand’s bank accounts, and whose it is')
  const ofBrand = ['--brand <key>', 'the brand whose account it is'] as const
  const json = ['--json', 'JSON instead of sentences'] as const
  const load = () => import('./bank-statement.ts')
  statement
    .command('import <file>')
    .description(
      'take in a statement: camt.053, camt.054 or CSV. Safe to run again; ends with 0 when every new entry was matched, else with 1',
    )
    .requiredOption(...ofBrand)
    .requiredOption('--merchant <id>', 'the account, as merchant list shows it')
    .option('--csv-profile <file>', 'how this CSV is written, instead of what is kept with the account')
    .option('--encoding <name>', 'utf-8 or gbk (default: detected)')
    .option('--owner <name>', 'who looks after what does not match', 'finance')
    .option('--dry-run', 'read and judge everything, write nothing')
    .option(...json)
    .action(async (file: string, options) => {
      process.exitCode = (await (await load()).importCommand(config(), file, options, say)) ? 0 : 1
    })
  statement
    .command('entries')
    .description('entries that wait for a person, the oldest first, each with the orders that it may mean')
    .requiredOption(...ofBrand)
    .option('--open', 'those alone, which is what is shown anyway')
    .option('--all', 'closed ones too')
    .option(...json)
    .action(async (options) => await (await load()).entriesCommand(config(), options, say))
  statement
    .command('refunds')
    .description(
      'refunds of transfers that wait to be transferred: to whom, how much, and what to write on each',
    )
    .requiredOption(...ofBrand)
    .option(...json)
    .action(async (options) => await (await load()).refundsCommand(config(), options, say))
  addActs(statement, { config, say })
}

/** What a person does about an entry. */
function addActs(statement: Command, { config, say }: Surroundings): void {
  const ofBrand = ['--brand <key>', 'the brand whose account it is'] as const
  const note = ['--note <text>', 'kept with the entry and in the audit'] as const
  const load = () => import('./bank-statement.ts')
  statement
    .command('match <entry...>')
    .description('say that an entry, or several that come to its amount together, pays an order. Audited')
    .requiredOption(...ofBrand)
    .requiredOption('--order <id>', 'the order, 26 digits')
    .option(...note)
    .action(
      async (entries: string[], options) =>
        await (await load()).matchCommand(config(), entries, options, say),
    )
  statement
    .command('return <entry>')
    .description('record that what came was transferred back. Audited')
    .requiredOption(...ofBrand)
    .requiredOption('--reference <text>', 'the bank’s own number of the transfer back')
    .option(...note)
    .action(
      async (entry: string, options) => await (await load()).returnCommand(config(), entry, options, say),
    )
  statement
    .command('close <entry>')
    .description('say that an entry is booked elsewhere, or none of this business. Audited')
    .requiredOption(...ofBrand)
    .requiredOption('--reason <text>', 'why, for the books and the audit')
    .option('--write-off', 'the bank took credited money back for good: book it as a loss')
    .action(
      async (entry: string, options) => await (await load()).closeCommand(config(), entry, options, say),
    )
  statement
    .command('assign <entry>')
    .description('give an entry to somebody')
    .requiredOption(...ofBrand)
    .requiredOption('--to <name>', 'who looks after it from now on')
    .action(
      async (entry: string, options) => await (await load()).assignCommand(config(), entry, options, say),
    )
}

import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { addBankStatementCommands } from './bank-statement-commands.ts'
import { addCorrectionCommands } from './correction-commands.ts'
import { addFxCommands } from './fx-commands.ts'
import { addMerchantCommands } from './merchant-commands.ts'
import { addPaymentCommands } from './payment-commands.ts'
import { addSwitchCommands } from './switch-commands.ts'
import { addWorkItemCommands } from './work-item-commands.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what an operator does on the first day, and for the people who ask; a command's file is loaded when it is run. */
export function addOperatorCommands(program: Command, surroundings: Surroundings): void {
  addBrandCommands(program, surroundings)
  addLineCommands(program, surroundings)
  addOfferCommands(program, surroundings)
  addDealerCommands(program, surroundings)
  addKeyCommands(program, surroundings)
  addMerchantCommands(program, surroundings)
  addPaymentCommands(program, surroundings)
  addCorrectionCommands(program, surroundings)
  addWorkItemCommands(program, surroundings)
  addBankStatementCommands(program, surroundings)
  addCaseCommands(program, surroundings)
  addSwitchCommands(program, surroundings)
  addRateCommands(program, surroundings)
  addFxCommands(program, surroundings)
}

function addRateCommands(program: Command, { config, say }: Surroundings): void {
  program
    .command('rate')
    .description('exchange rates, by which orders are quoted in other currencies')
    .command('import <file>')
    .description(
      'add rates to the history of every brand that quotes: the ECB’s eurofxref-daily.xml, or an acquirer’s CSV (base,currency,rate,from,until). Safe to run again',
    )
    .option('--brand <key>', 'of this brand alone')
    .option('--acquirer <name>', 'the file is a CSV of this acquirer')
    .action(async (file: string, options) => {
      const { rateImportCommand } = await import('./rate.ts')
      await rateImportCommand(config(), file, options, say)
    })
}

/** Ends with 1 unless all went well. */
function ends(well: boolean): void {
  process.exitCode = well ? 0 : 1
}

function addBrandCommands(program: Command, { config, say }: Surroundings): void {
  const brand = program.command('brand').description('the brands of this deployment')
  const host = ['--host <name...>', 'a name under which people reach it, such as pay.example.com'] as const
  brand
    .command('template')
    .description('print a whole file for brand create, to be changed')
    .option('--like <key>', 'which brand of the demo it resembles: laika (CNY) or harbour (GBP)', 'laika')
    .action(async (options: { like: string }) => {
      const { brandTemplateCommand } = await import('./brand.ts')
      brandTemplateCommand(options.like, say)
    })
  brand
    .command('create <file>')
    .description('make a brand from a JSON file: its schemas, books and hosts. Safe to run again')
    .option(...host)
    .action(async (file: string, options) => {
      const { brandCreateCommand } = await import('./brand.ts')
      await brandCreateCommand(config(), file, options, say)
    })
  brand
    .command('update <file>')
    .description('change those facts of a brand that may change')
    .option(...host)
    .action(async (file: string, options) => {
      const { brandUpdateCommand } = await import('./brand.ts')
      await brandUpdateCommand(config(), file, options, say)
    })
  brand
    .command('list')
    .description('the brands there are, with their hosts')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options: { json?: true }) => {
      const { brandListCommand } = await import('./brand.ts')
      await brandListCommand(config(), options.json === true, say)
    })
}

function addLineCommands(program: Command, { config, say }: Surroundings): void {
  const line = program.command('line').description('the numbers of a brand')
  line
    .command('columns')
    .description('what the columns of a file of lines are called and say')
    .action(async () => {
      const { lineColumnsCommand } = await import('./line-columns.ts')
      lineColumnsCommand(say)
    })
  line
    .command('import <file>')
    .description(
      'import lines with owners, clocks, balances and allowances from a CSV file (see line columns). Safe to run again; ends with 0 when every row is in, else with 1',
    )
    .requiredOption('--brand <key>', 'the brand whose lines they are')
    .option('--rejects <file>', 'where rejected rows go (default: beside the file, .rejects.csv)')
    .option('--encoding <name>', 'utf-8 or gbk (default: detected)')
    .option('--dry-run', 'read and judge everything, write nothing but the rejects')
    .option('--json', 'one JSON object instead of sentences')
    .action(async (file: string, options) => {
      const { lineImportCommand } = await import('./line-import.ts')
      ends(await lineImportCommand(config(), file, options, say))
    })
  const ofBrand = ['--brand <key>', 'the brand whose number it is'] as const
  line
    .command('show <number>')
    .description(
      'what the holder of a number has and owes, and what is kept from it. That it was read is audited',
    )
    .requiredOption(...ofBrand)
    .option('--json', 'one JSON object instead of sentences')
    .action(async (number: string, options) => {
      const { lineShowCommand } = await import('./line-flags.ts')
      await lineShowCommand(config(), number, options, say)
    })
  line
    .command('flags')
    .description('the numbers from which something is kept, as cards after a lost dispute')
    .requiredOption('--brand <key>', 'the brand whose numbers they are')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { lineFlagsCommand } = await import('./line-flags.ts')
      await lineFlagsCommand(config(), options, say)
    })
  line
    .command('lift-flags <number>')
    .description(
      'keep it from the number, and from its payer, no longer. Stands in the events of the line, and in the audit',
    )
    .requiredOption(...ofBrand)
    .requiredOption('--reason <text>', 'why')
    .action(async (number: string, options) => {
      const { lineLiftFlagsCommand } = await import('./line-flags.ts')
      await lineLiftFlagsCommand(config(), number, options, say)
    })
}

function addOfferCommands(program: Command, { config, say }: Surroundings): void {
  program
    .command('offer')
    .description('what a brand sells')
    .command('import <file>')
    .description(
      'publish a price table from a JSON or CSV file, in force from a day on, after saying what it changes. Safe to run again',
    )
    .requiredOption('--brand <key>', 'the brand that sells it')
    .requiredOption(
      '--from <date>',
      'the first day on which it is in force: today, or a date such as 2027-01-01',
    )
    .option('--dry-run', 'say what it would change, publish nothing')
    .action(async (file: string, options) => {
      const { offerImportCommand } = await import('./offer-import.ts')
      await offerImportCommand(config(), file, options, say)
    })
}

function addDealerCommands(program: Command, { config, say }: Surroundings): void {
  const dealer = program.command('dealer').description('who sells for a brand, from a prepaid float')
  dealer
    .command('create')
    .description('make a dealer with an empty float and a receipt series of its own')
    .requiredOption('--brand <key>', 'the brand it sells for')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption(
      '--commission-bp <parts>',
      'its commission in parts of ten thousand of a sale; 200 is 2 %',
    )
    .option('--json', 'one JSON object instead of sentences')
    .action(async (options) => {
      const { dealerCreateCommand } = await import('./dealer.ts')
      await dealerCreateCommand(config(), options, say)
    })
  dealer
    .command('list')
    .description('the dealers there are, with their floats')
    .requiredOption('--brand <key>', 'the brand they sell for')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { dealerListCommand } = await import('./dealer.ts')
      await dealerListCommand(config(), options, say)
    })
  dealer
    .command('load-float')
    .description('book a dealer’s payment into its float. Safe to run again with the same reference')
    .requiredOption('--brand <key>', 'the brand it sells for')
    .requiredOption('--dealer <id>', 'the dealer, as dealer list shows it')
    .requiredOption('--amount <amount>', 'what was paid, such as 1000.00')
    .requiredOption('--reference <text>', 'the bank’s number of the transfer')
    .option('--opening', 'it is a float brought in from another system, no payment to the bank')
    .action(async (options) => {
      const { loadFloatCommand } = await import('./dealer.ts')
      await loadFloatCommand(config(), options, say)
    })
}

function addKeyCommands(program: Command, { config, say }: Surroundings): void {
  const key = program.command('key').description('the keys by which programs call the API')
  key
    .command('create')
    .description('make a key and show it, this once')
    .requiredOption('--brand <key>', 'the brand it is for')
    .requiredOption('--name <name>', 'what people call it, such as "till of outlet 7"')
    .requiredOption('--scope <scope...>', 'what it lets its bearer do: topup:write, line:read, ussd:answer')
    .option('--dealer <id>', 'the dealer it sells for')
    .option('--json', 'one JSON object instead of sentences')
    .action(async (options) => {
      const { keyCreateCommand } = await import('./key.ts')
      await keyCreateCommand(config(), options, say)
    })
  key
    .command('list')
    .description('the keys there are, without their secrets')
    .requiredOption('--brand <key>', 'the brand they are for')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { keyListCommand } = await import('./key.ts')
      await keyListCommand(config(), options, say)
    })
  key
    .command('revoke <id>')
    .description('end a key at once')
    .requiredOption('--brand <key>', 'the brand it is for')
    .option('--reason <text>', 'why, for the audit', 'revoked')
    .action(async (id: string, options) => {
      const { keyRevokeCommand } = await import('./key.ts')
      await keyRevokeCommand(config(), id, options, say)
    })
}

function addCaseCommands(program: Command, { config, say }: Surroundings): void {
  const cases = program.command('case').description('what people have asked a brand for help with')
  const ofBrand = ['--brand <key>', 'the brand that was asked'] as const
  cases
    .command('list')
    .description('the cases that wait for an answer, the oldest first')
    .requiredOption(...ofBrand)
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { caseListCommand } = await import('./case.ts')
      await caseListCommand(config(), options, say)
    })
  cases
    .command('show <number>')
    .description('a case with the order it is about; that it was read is audited')
    .requiredOption(...ofBrand)
    .option('--json', 'one JSON object instead of sentences')
    .action(async (number: string, options) => {
      const { caseShowCommand } = await import('./case.ts')
      await caseShowCommand(config(), number, options, say)
    })
  cases
    .command('answer <number>')
    .description('answer a case, in the language it was asked in. Final; who asked is told as they wished')
    .requiredOption(...ofBrand)
    .option('--text <answer>', 'the answer')
    .option('--file <file>', 'the answer, from a file in UTF-8')
    .option('--json', 'one JSON object instead of sentences')
    .action(async (number: string, options) => {
      const { caseAnswerCommand } = await import('./case.ts')
      await caseAnswerCommand(config(), number, options, say)
    })
  cases
    .command('close <number>')
    .description('end a case that needs no answer of its own; who asked reads why, and no message is sent')
    .requiredOption(...ofBrand)
    .requiredOption('--because <reason>', 'duplicate, by-phone or not-understood')
    .action(async (number: string, options) => {
      const { caseCloseCommand } = await import('./case.ts')
      await caseCloseCommand(config(), number, options, say)
    })
}

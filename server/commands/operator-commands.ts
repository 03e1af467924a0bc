import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what an operator does on the first day; a command's file is loaded when it is run. */
export function addOperatorCommands(program: Command, surroundings: Surroundings): void {
  addBrandCommands(program, surroundings)
  addLineCommands(program, surroundings)
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
  program
    .command('line')
    .description('the numbers of a brand')
    .command('import <file>')
    .description(
      'import lines with owners, clocks, balances and allowances from a CSV file; safe to run again. Ends with 0 when every row is in, else with 1',
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
}

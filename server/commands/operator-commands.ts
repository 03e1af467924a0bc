import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what an operator does on the first day; a command's file is loaded when it is run. */
export function addOperatorCommands(program: Command, surroundings: Surroundings): void {
  addLineCommands(program, surroundings)
}

/** Ends with 1 unless all went well. */
function ends(well: boolean): void {
  process.exitCode = well ? 0 : 1
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

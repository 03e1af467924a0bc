import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what shows and books money of other currencies; the file of the commands is loaded when one is run. */
export function addFxCommands(program: Command, { config, say }: Surroundings): void {
  const fx = program
    .command('fx')
    .description('money that orders were paid in other currencies than the brand’s')
  const ofBrand = ['--brand <key>', 'the brand whose money it is'] as const
  const json = ['--json', 'JSON instead of sentences'] as const
  const load = () => import('./fx.ts')
  fx.command('position')
    .description(
      'what is open in each currency, what it is worth at the quotes, where it is, and what exchanges have gained or lost',
    )
    .requiredOption(...ofBrand)
    .option(...json)
    .action(async (options) => await (await load()).fxPositionCommand(config(), options, say))
  fx.command('exchanged')
    .description(
      'book that money of another currency became the brand’s own, at the acquirer’s real rate or the bank’s: what differs from the quotes is gained or lost. Safe to run again with the same reference. Audited',
    )
    .requiredOption(...ofBrand)
    .requiredOption('--currency <code>', 'the currency that was given, such as CNY')
    .requiredOption(
      '--amount <amount>',
      'how much of it, such as 1000.00; 0 books what is left where nothing is open',
    )
    .requiredOption('--received <amount>', 'what came for it, in the brand’s currency')
    .requiredOption('--reference <text>', 'the bank’s or the acquirer’s number of it')
    .requiredOption('--reason <text>', 'why, for the books and the audit')
    .option(...json)
    .action(async (options) => await (await load()).fxExchangedCommand(config(), options, say))
}

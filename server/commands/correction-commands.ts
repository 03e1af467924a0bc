import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what moves credit from a wrong number to the right one; the file of the commands is loaded when one is run. */
export function addCorrectionCommands(program: Command, { config, say }: Surroundings): void {
  const correction = program
    .command('correction')
    .description('credit that was bought for a wrong number, to the right one')
  const ofBrand = ['--brand <key>', 'the brand whose order it is'] as const
  const json = ['--json', 'JSON instead of sentences'] as const
  const load = () => import('./correction.ts')
  correction
    .command('request <order>')
    .description(
      'ask that what is unspent of a credited order goes to another number. Another operator approves it. Audited',
    )
    .requiredOption(...ofBrand)
    .requiredOption('--to <number>', 'the right number')
    .requiredOption('--reason <text>', 'why')
    .requiredOption(
      '--proof <text>',
      'what shows that its payer asks: a case, a receipt, an identity document that was seen',
    )
    .option('--may-end', 'let the wrong number end today, where nothing else keeps it')
    .option(...json)
    .action(
      async (order: string, options) =>
        await (await load()).correctionRequestCommand(config(), order, options, say),
    )
  correction
    .command('approve <correction>')
    .description('say yes to what another operator asked for: the credit moves at once. Audited')
    .requiredOption(...ofBrand)
    .option(...json)
    .action(
      async (id: string, options) =>
        await (await load()).correctionCheckCommand(config(), id, 'approved', options, say),
    )
  correction
    .command('decline <correction>')
    .description('say no to it. Audited')
    .requiredOption(...ofBrand)
    .option('--reason <text>', 'why, for the audit')
    .option(...json)
    .action(
      async (id: string, options) =>
        await (await load()).correctionCheckCommand(config(), id, 'declined', options, say),
    )
  correction
    .command('list')
    .description('the corrections that wait for a second person, the oldest first')
    .requiredOption(...ofBrand)
    .option(...json)
    .action(async (options) => await (await load()).correctionListCommand(config(), options, say))
}

import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers the work list; a command's file is loaded when it is run. */
export function addWorkItemCommands(program: Command, { config, say }: Surroundings): void {
  const item = program
    .command('work-item')
    .description('payments, refunds and held orders that a person must look at')
  const ofBrand = ['--brand <key>', 'the brand whose they are'] as const
  const load = () => import('./work-item.ts')
  item
    .command('list')
    .description('what waits for a person, the oldest trouble first')
    .requiredOption(...ofBrand)
    .option('--all', 'closed ones too')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => await (await load()).workItemListCommand(config(), options, say))
  item
    .command('take <item>')
    .description('make an item yours, or somebody else’s. Audited')
    .requiredOption(...ofBrand)
    .option('--to <name>', 'who looks after it from now on; without it, whoever runs the command')
    .action(
      async (id: string, options) => await (await load()).workItemTakeCommand(config(), id, options, say),
    )
  item
    .command('close <item>')
    .description('say that nothing more is to be done, and why. What comes right closes by itself. Audited')
    .requiredOption(...ofBrand)
    .requiredOption('--reason <text>', 'what was found and done, for whoever asks later')
    .action(
      async (id: string, options) => await (await load()).workItemCloseCommand(config(), id, options, say),
    )
}

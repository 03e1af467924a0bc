import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what takes things out of sale; a command's file is loaded when it is run. */
export function addSwitchCommands(program: Command, { config, say }: Surroundings): void {
  const switches = program
    .command('switch')
    .description('take a whole brand, a rail or an offer out of sale for now, with a public notice')
  const ofBrand = ['--brand <key>', 'the brand it is of'] as const
  const because = ['--reason <text>', 'why; kept in the audit'] as const
  switches
    .command('off <kind> [name]')
    .description('kind: brand, rail (alipay) or offer (its id). What is paid already is still seen to')
    .requiredOption(...ofBrand)
    .requiredOption(...because)
    .requiredOption('--notice-zh <text>', 'what people read, in Chinese')
    .requiredOption('--notice-en <text>', 'what people read, in English')
    .action(async (kind: string, name: string | undefined, options) => {
      const { switchOffCommand } = await import('./switch.ts')
      await switchOffCommand(config(), kind, name, options, say)
    })
  switches
    .command('on <kind> [name]')
    .description('sell by it again')
    .requiredOption(...ofBrand)
    .requiredOption(...because)
    .action(async (kind: string, name: string | undefined, options) => {
      const { switchOnCommand } = await import('./switch.ts')
      await switchOnCommand(config(), kind, name, options, say)
    })
  switches
    .command('list')
    .description('what is off, since when, and what people read')
    .requiredOption(...ofBrand)
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { switchListCommand } = await import('./switch.ts')
      await switchListCommand(config(), options, say)
    })
}

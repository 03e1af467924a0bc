import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what keeps a deployment well; a command's file is loaded when it is run. */
export function addUpkeepCommands(program: Command, { config, say }: Surroundings): void {
  program
    .command('backup <target>')
    .description('back up the embedded database, running or not, into a file, or a new file in a directory')
    .action(async (target: string) => {
      const { backupCommand } = await import('./backup.ts')
      await backupCommand(config(), target, say)
    })
  program
    .command('doctor')
    .description(
      'look at database, disk, clock, keys, ports, brands and work; say what to do. Ends with 0 or 1',
    )
    .option('--connect', 'also log in to SMSCs and mail servers; nothing is sent')
    .option('--json', 'one JSON object instead of sentences')
    .action(async (options: { json?: true; connect?: true }) => {
      const { doctorCommand } = await import('./doctor.ts')
      process.exitCode = (await doctorCommand(config(), process.env, options, say)) ? 0 : 1
    })
  program
    .command('restore <file>')
    .description('restore a backup into an empty data directory and prove its invariants; ends with 0 or 1')
    .requiredOption('--to <directory>', 'the data directory to make; the running one is never touched')
    .action(async (file: string, options: { to: string }) => {
      const { restoreCommand } = await import('./backup.ts')
      process.exitCode = (await restoreCommand(config(), file, options.to, say)) ? 0 : 1
    })
}

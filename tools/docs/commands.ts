import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './language.ts'

const run = promisify(execFile)

/** What a command prints when asked for help, and the commands below it. */
interface Help {
  readonly words: readonly string[]
  readonly text: string
  readonly below: readonly string[]
}

async function helpOf(words: readonly string[]): Promise<Help> {
  const { stdout } = await run(process.execPath, [join(root, 'server/main.ts'), ...words, '--help'], {
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
  })
  const [, list = ''] = stdout.split('\nCommands:\n')
  const below = [...list.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help')
  return { words, text: stdout.trim(), below }
}

/** A command and everything below it, in the order in which help names them. */
async function family(words: readonly string[]): Promise<readonly Help[]> {
  const own = await helpOf(words)
  const children = await Promise.all(own.below.map((name) => family([...words, name])))
  return [own, ...children.flat()]
}

export async function commandsPage(): Promise<string> {
  const all = await family([])
  const parts = all
    .filter(({ below }) => below.length === 0)
    .map(({ words, text }) => {
      const own = text
        .replace(/^ +-h, --help .*$/m, '')
        .replace(/\nOptions:\n*$/, '')
        .trim()
      return `## baohao ${words.join(' ')}\n\n\`\`\`text\n${own}\n\`\`\``
    })
  const intro =
    'What each command says when asked for `--help`. In a clone it is `npx baohao`; what they are configured by is in [Configuration](configuration.md). Commands end with 0 when they did what they were asked, with 1 when not, with 2 when they were asked wrongly.'
  return `# Commands\n\n${intro}\n\n${parts.join('\n\n')}\n`
}

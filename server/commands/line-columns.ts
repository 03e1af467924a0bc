import { importColumns } from '../line/index.ts'
import type { Say } from '../serve.ts'

/** `baohao line columns`. */
export function lineColumnsCommand(say: Say): void {
  say(
    'A file of lines is CSV in UTF-8 or GBK, with commas, semicolons or tabs. Its first row names the columns, in any order:',
  )
  const width = Math.max(...importColumns.map(({ name }) => name.length))
  for (const { name, chinese, says } of importColumns) say(`  ${name.padEnd(width)}  ${chinese}: ${says}`)
  say('Dates are 2027-03-31. Every _until is the day after the last on which it still holds.')
}

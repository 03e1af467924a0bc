import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** To be given to a process that a test starts: it is then as strict as the house of a test, see strict-process.ts. */
export const strictly = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'strict-process.ts'))}`,
}

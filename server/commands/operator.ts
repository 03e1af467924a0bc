import { userInfo } from 'node:os'

/** Who runs the command, for the audit: `operator alice`. */
export function operator(): string {
  return `operator ${userInfo().username}`
}

export type { AgentTopUpCommand, Command, Outcome } from './command.ts'
export { createSettler, type SettleDeps, type Settler } from './settle.ts'

import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

/** Registers what staff do about the money of one order; a command's file is loaded when it is run. */
export function addPaymentCommands(program: Command, { config, say }: Surroundings): void {
  const payment = program
    .command('payment')
    .description('the money of one order: what was paid, what goes back')
  const ofBrand = ['--brand <key>', 'the brand whose order it is'] as const
  payment
    .command('show <order>')
    .description(
      'an order with its attempts, what was said of them, its refunds and the ledger; of a number its newest orders. That it was read is audited',
    )
    .requiredOption(...ofBrand)
    .option('--json', 'one JSON object (of a number: an array) instead of a table')
    .action(async (what: string, options) => {
      const { paymentShowCommand } = await import('./payment.ts')
      await paymentShowCommand(config(), what, options, say)
    })
  payment
    .command('probe <attempt>')
    .description('ask the provider about an attempt now, and apply what it says')
    .requiredOption(...ofBrand)
    .option('--json', 'one JSON object instead of sentences')
    .action(async (attempt: string, options) => {
      const { paymentProbeCommand } = await import('./payment.ts')
      await paymentProbeCommand(config(), attempt, options, say)
    })
  payment
    .command('refund <order>')
    .description(
      'give back what is unspent of a credited order, the way it was paid. Above the brand’s limit another operator approves it. Audited',
    )
    .requiredOption(...ofBrand)
    .option('--amount <amount>', 'not all there is, but this much, such as 29.88')
    .option('--reason <text>', 'why; kept with the refund')
    .option('--may-end', 'let the number end today, where nothing else keeps it')
    .option('--approve <request>', 'say yes to what another operator, or the payer, asked for')
    .option('--decline <request>', 'say no to it')
    .option('--again', 'send what the provider refused once more, under its own number')
    .option('--json', 'one JSON object instead of sentences')
    .action(async (order: string, options) => {
      const { paymentRefundCommand } = await import('./payment.ts')
      await paymentRefundCommand(config(), order, options, say)
    })
  payment
    .command('requests')
    .description('the refunds that wait for a second person, the oldest first')
    .requiredOption(...ofBrand)
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { paymentRequestsCommand } = await import('./payment.ts')
      await paymentRequestsCommand(config(), options, say)
    })
}

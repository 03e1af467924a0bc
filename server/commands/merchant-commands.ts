import type { Command } from 'commander'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { addBankAccountCommand } from './bank-statement-commands.ts'

interface Surroundings {
  readonly config: () => Config
  readonly say: Say
}

const inCurrency = [
  '--currency <code>',
  'what it is paid in, such as CNY (default: the brand’s currency; others need a rate)',
] as const

/** Registers a brand's own contracts with payment providers; a command's file is loaded when it is run. */
export function addMerchantCommands(program: Command, { config, say }: Surroundings): void {
  const merchant = program.command('merchant').description('a brand’s own contracts with payment providers')
  merchant
    .command('add')
    .description('take payments by Alipay; run again to change keys, or with --off to take no more')
    .requiredOption('--brand <key>', 'the brand whose contract it is')
    .requiredOption('--app-id <digits>', 'the application at Alipay (APPID)')
    .requiredOption('--seller-id <digits>', 'the seller at Alipay (PID, begins with 2088)')
    .requiredOption(
      '--key-file <file>',
      'our private key: RSA of 2048 bits or more, PEM or as the console’s tool writes it',
    )
    .requiredOption(
      '--alipay-key-file <file...>',
      'Alipay’s public key; while it changes two, the new one first',
    )
    .option('--gateway <url>', 'where Alipay is spoken to', 'https://openapi.alipay.com/gateway.do')
    .option(...inCurrency)
    .option('--off', 'offer it to nobody; what was begun with it goes on')
    .action(async (options) => {
      const { merchantAddCommand } = await import('./merchant.ts')
      await merchantAddCommand(config(), process.env, options, say)
    })
  addRailCommands(merchant, { config, say })
  addBankAccountCommand(merchant, { config, say })
  merchant
    .command('list')
    .description('the merchants there are, with what the provider’s console asks for')
    .requiredOption('--brand <key>', 'the brand whose contracts they are')
    .option('--json', 'a JSON array instead of sentences')
    .action(async (options) => {
      const { merchantListCommand } = await import('./merchant.ts')
      await merchantListCommand(config(), process.env, options, say)
    })
}

function addRailCommands(merchant: Command, { config, say }: Surroundings): void {
  const ofBrand = ['--brand <key>', 'the brand whose contract it is'] as const
  const noMore = ['--off', 'offer it to nobody; what was begun with it goes on'] as const
  merchant
    .command('add-wechat')
    .description('take payments by WeChat Pay (API v3); run again to change keys')
    .requiredOption(...ofBrand)
    .requiredOption('--mch-id <digits>', 'the merchant number (商户号)')
    .requiredOption('--app-id <id>', 'the application bound to it, wx...')
    .requiredOption('--serial-no <hex>', 'of our API certificate (证书序列号)')
    .requiredOption('--key-file <file>', 'our private key (apiclient_key.pem)')
    .requiredOption('--api-v3-key-file <file>', 'the API v3 key: 32 characters')
    .option('--public-key-file <file>', 'WeChat Pay’s public key, where the merchant has one (微信支付公钥)')
    .option('--public-key-id <id>', 'its ID, PUB_KEY_ID_...')
    .option('--app-secret-file <file>', 'the application’s AppSecret: payments inside WeChat need it')
    .option('--oauth-pages <url>', 'where WeChat is asked who pays', 'https://open.weixin.qq.com')
    .option('--oauth-api <url>', 'where it answers', 'https://api.weixin.qq.com')
    .option('--gateway <url>', 'where WeChat Pay is spoken to', 'https://api.mch.weixin.qq.com')
    .option(...inCurrency)
    .option(...noMore)
    .action(async (options) => {
      const { wechatAddCommand } = await import('./merchant-rails.ts')
      await wechatAddCommand(config(), process.env, options, say)
    })
  merchant
    .command('add-card')
    .description('take cards on the page of a gateway of Stripe’s shape; run again to change secrets')
    .requiredOption(...ofBrand)
    .requiredOption('--account <id>', 'the account, acct_...')
    .requiredOption('--secret-key-file <file>', 'the API’s secret key, sk_...')
    .requiredOption('--webhook-secret-file <file>', 'the secret of the endpoint of its events, whsec_...')
    .option('--gateway <url>', 'where the gateway is spoken to', 'https://api.stripe.com')
    .option(...inCurrency)
    .option(...noMore)
    .action(async (options) => {
      const { cardAddCommand } = await import('./merchant-rails.ts')
      await cardAddCommand(config(), process.env, options, say)
    })
  merchant
    .command('add-unionpay')
    .description('take bank cards and 云闪付 by UnionPay’s online gateway 5.1.0; run again to change keys')
    .requiredOption(...ofBrand)
    .requiredOption('--mer-id <digits>', 'the merchant number, 15 digits (商户号)')
    .requiredOption('--key-file <file>', 'our private key, PEM')
    .requiredOption('--certificate-file <file>', 'our certificate, whose serial number UnionPay is told')
    .requiredOption('--root-certificate-file <file>', 'UnionPay’s root certificate')
    .requiredOption('--middle-certificate-file <file>', 'UnionPay’s middle certificate')
    .option('--file-gateway <url>', 'where settlement files come from; without it there are no bills')
    .option(
      '--gateway <url>',
      'where UnionPay is spoken to, up to the method',
      'https://gateway.95516.com/gateway/api',
    )
    .option(...inCurrency)
    .option(...noMore)
    .action(async (options) => {
      const { unionPayAddCommand } = await import('./merchant-rails.ts')
      await unionPayAddCommand(config(), process.env, options, say)
    })
}

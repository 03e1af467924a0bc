import { type Setting, settings } from '../../server/platform/config-settings.ts'
import { type Both, type Language, table } from './language.ts'

const both = (en: string, chinese: string): Both => ({ en, 'zh-CN': chinese })

/** What each setting means; one without words here fails the documents' test. */
const meanings: Readonly<Record<string, Both>> = {
  BAOHAO_MODE: both(
    '`production`, `demo` or `test`',
    '运行模式：`production` 生产、`demo` 演示、`test` 测试',
  ),
  DATABASE_URL: both('PostgreSQL 15 or newer, role `baohao_app`', 'PostgreSQL 15 及以上，角色 `baohao_app`'),
  DATABASE_ADMIN_URL: both(
    'the same database, role `baohao_owner`: for `migrate` and `brand` only',
    '同一数据库，角色 `baohao_owner`，只有 `migrate` 和 `brand` 命令使用',
  ),
  BAOHAO_DATA: both(
    'data directory: the embedded database, keys, the sandbox’s book',
    '数据目录：内嵌数据库、密钥、沙箱账本',
  ),
  BAOHAO_MASTER_KEY_FILE: both(
    'file with 64 hexadecimal digits; production refuses to start without it',
    '存放 64 位十六进制主密钥的文件；生产模式缺少它就拒绝启动',
  ),
  HOST: both('address to listen on', '监听地址'),
  PORT: both(
    'port; in demo and test the first of one for each brand',
    '监听端口；演示和测试模式下每个品牌各占一个，从这里开始',
  ),
  BAOHAO_TRUSTED_PROXIES: both(
    'how many proxies in front are believed in `X-Forwarded-For`',
    '前面有几层代理的 `X-Forwarded-For` 可信',
  ),
  BAOHAO_METRICS_HOST: both('address of metrics and health', '指标与健康检查的监听地址'),
  BAOHAO_METRICS_PORT: both('port of metrics and health', '指标与健康检查的端口'),
  BAOHAO_DRAIN_SECONDS: both(
    'how long a process that is told to end says so to its load balancer before it takes no more requests',
    '收到停止信号后，先向负载均衡声明“即将下线”多少秒，再停止接收请求',
  ),
  BAOHAO_LOG: both(
    'from `trace`, `debug`, `info`, `warn`, `error`, `fatal` to `silent`',
    '日志级别：`trace`、`debug`、`info`、`warn`、`error`、`fatal`、`silent`',
  ),
  BAOHAO_RATES_FILE: both(
    'exchange rates in the form of the ECB’s `eurofxref-daily.xml`, kept up to date by you; read within a minute of each change',
    '汇率文件，格式同欧洲央行的 `eurofxref-daily.xml`，由您定时更新；有变化后一分钟内读入',
  ),
  'BAOHAO_ORIGIN_{BRAND}': both(
    'where people and providers reach the brand, `https://pay.example.cn`',
    '用户和支付机构访问该品牌的地址，如 `https://pay.example.cn`',
  ),
  'BAOHAO_SMS_{BRAND}': both(
    'its way to the SMSC, `smpp://systemId:password@host:2775?window=20&per-second=50`; `smpps:` for TLS',
    '短信通道，如 `smpp://systemId:password@host:2775?window=20&per-second=50`；`smpps:` 使用 TLS',
  ),
  'BAOHAO_MAIL_{BRAND}': both(
    'its way to a mail server, `smtp://user:password@host:587` (STARTTLS); `smtps:` for TLS from the first byte',
    '邮件服务器，如 `smtp://user:password@host:587`（STARTTLS）；`smtps:` 从第一个字节起使用 TLS',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: both('where traces go, OTLP over HTTP', '链路追踪的接收地址（OTLP/HTTP）'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: both('the same, for traces alone', '同上，仅用于追踪'),
  OTEL_EXPORTER_OTLP_HEADERS: both(
    'headers sent there, a token for instance',
    '发送时附带的请求头，例如令牌',
  ),
  OTEL_SERVICE_NAME: both('the name under which they are filed', '追踪中的服务名'),
  OTEL_TRACES_SAMPLER: both('which requests are traced', '采样方式'),
  OTEL_TRACES_SAMPLER_ARG: both('its argument, such as `0.1`', '采样参数，如 `0.1`'),
  FAILPOINT: both(
    '`name:count:crash|throw|hang`, for tests; refused in production',
    '`名称:次数:crash|throw|hang`，仅供测试；生产模式拒绝',
  ),
}

const usualInChinese: Readonly<Record<string, string>> = {
  'the embedded database': '内嵌数据库',
  none: '无',
  'none; in demo the sandbox’s': '无；演示模式下由沙箱提供',
  'master-key in the data directory': '数据目录下的 `master-key`（演示和测试自动生成）',
  'info; demo warn; test silent': '`info`；演示 `warn`；测试 `silent`',
}

const words = {
  en: {
    title: '# Configuration',
    intro:
      'Every variable the program reads, from `server/platform/config-settings.ts`. They are read once, at start; everything that is wrong is named at once, and a `BAOHAO_` variable that is none of these as well, with the one that was probably meant. `baohao config print` shows what would be used, secrets masked. `{BRAND}` is a brand’s key in capitals: `BAOHAO_SMS_LAIKA`. How they are used: [Running it](../operating/run.md).',
    head: ['variable', 'means', 'without it'],
    secret: 'secret',
  },
  'zh-CN': {
    title: '# 配置',
    intro:
      '程序读取的全部环境变量，取自 `server/platform/config-settings.ts`。启动时读取一次，有错会一次全部列出；以 `BAOHAO_` 开头却不认识的变量也会指出，并提示最可能想写的是哪一个。`baohao config print` 显示实际生效的配置，机密已遮盖。`{BRAND}` 是品牌代号的大写，如 `BAOHAO_SMS_LAIKA`。用法见[运行](../operating/run.md)。',
    head: ['变量', '含义', '不设置时'],
    secret: '机密',
  },
} satisfies Record<Language, unknown>

/** A value stands as code, words stand as words. */
function usualText(language: Language, { usual }: Setting): string {
  const inWords = usualInChinese[usual]
  if (inWords !== undefined) return language === 'en' ? usual : inWords
  return `\`${usual}\``
}

export function configurationPage(language: Language): string {
  const { title, intro, head, secret } = words[language]
  const rows = settings.map((setting) => {
    const meaning = meanings[setting.name]
    if (!meaning) throw new Error(`tools/docs/configuration.ts has no words for ${setting.name}`)
    const mark = setting.secret ? ` (${secret})` : ''
    return [
      `\`${setting.name}\``,
      meaning[language] + (language === 'en' ? mark : mark.replace(' (', '（').replace(')', '）')),
      usualText(language, setting),
    ]
  })
  return `${title}\n\n${intro}\n\n${table(head, rows)}\n`
}

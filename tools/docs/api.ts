import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { statusOf } from '../../server/platform/problem.ts'
import { problemKinds } from '../../server/reference/index.ts'
import { type Language, productText, root, table } from './language.ts'

interface Operation {
  readonly tags: readonly [string]
  readonly summary: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
}

interface ApiDocument {
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The description that `tools/openapi.test.ts` keeps equal to the routes that run. */
function readDocument(): ApiDocument {
  return JSON.parse(readFileSync(join(root, 'docs/reference/openapi.json'), 'utf8')) as ApiDocument
}

const words = {
  en: {
    title: '# API',
    intro:
      'Every operation under `/v1`, from the OpenAPI 3.1 description that the program makes of its own routes. A running program shows them whole at `/docs/api`, with schemas, examples, every problem and a `curl` line each, and gives the description itself at `/v1/openapi.json`; a copy is [openapi.json](openapi.json). How to begin: [Connect an agent’s system](../guides/connect-an-agent.md). What a refusal means: [Problems](problems.md).',
    head: ['operation', 'does', 'asked by'],
    anybody: 'anybody',
    session: {
      '': 'a session',
      sms: 'a log-in',
      password: 'a log-in by password',
      strong: 'a strong log-in',
    },
    key: 'an API key with',
  },
  'zh-CN': {
    title: '# 接口',
    intro:
      '`/v1` 之下的全部操作，取自程序按自己的路由生成的 OpenAPI 3.1 描述。程序运行时，在 `/docs/api` 可以看到完整内容：字段、示例、每一种拒绝、每个操作的 `curl` 写法；描述文件本身在 `/v1/openapi.json`，仓库里也存有一份 [openapi.json](../../reference/openapi.json)。从哪里开始：[对接代理商系统](../guides/connect-an-agent.md)。各种拒绝的含义：[错误码](problems.md)。写程序的人直接读英文说明，这里不另译。',
    head: ['操作', '用途（英文）', '调用方'],
    anybody: '任何人',
    session: { '': '会话', sms: '已登录', password: '用密码登录', strong: '强认证登录' },
    key: 'API 密钥，权限',
  },
} satisfies Record<Language, unknown>

function askedBy(language: Language, { security }: Operation): string {
  const { anybody, key, session } = words[language]
  const ways = security.map((way) => {
    if (way.apiKey) return `${key} ${way.apiKey.map((scope) => `\`${scope}\``).join(', ')}`
    const [assurance = ''] = way.session ?? []
    return way.session === undefined ? anybody : session[assurance as keyof typeof session]
  })
  return ways.join('; ')
}

export function apiPage(language: Language): string {
  const { title, intro, head } = words[language]
  const { tags, paths } = readDocument()
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ tag: operation.tags[0], operation },
      name: `\`${method.toUpperCase()} ${path}\``,
    })),
  )
  const parts = tags.flatMap(({ name, description }) => {
    const rows = operations
      .filter(({ tag }) => tag === name)
      .map((each) => [each.name, each.operation.summary, askedBy(language, each.operation)])
    return rows.length === 0 ? [] : [`## ${name}\n\n${description}\n\n${table(head, rows)}`]
  })
  return `${[title, intro, ...parts].join('\n\n')}\n`
}

const problemWords = {
  en: {
    title: '# Problems',
    intro:
      'Every refusal is `application/problem+json` (RFC 9457) with a stable `code`, a `requestId` that finds it in the log, and `moneyMoved`. Its `type` is a page of the running program, `/problems/{code}`, with an example and the members it may have. These are the codes of all rooms; which an operation may answer with is in its description at `/docs/api`.',
    head: ['code', 'HTTP', 'means', 'do'],
  },
  'zh-CN': {
    title: '# 错误码',
    intro:
      '每次拒绝都是 `application/problem+json`（RFC 9457），带有稳定的 `code`、可在日志里查到的 `requestId`，以及说明有没有动钱的 `moneyMoved`。`type` 指向运行中程序的一页 `/problems/{code}`，有示例和可能出现的字段。下表是全部错误码；某个操作可能返回哪些，见 `/docs/api`。',
    head: ['code', 'HTTP', '含义', '怎么办'],
  },
} satisfies Record<Language, unknown>

export function problemsPage(language: Language): string {
  const { title, intro, head } = problemWords[language]
  const rows = [...problemKinds.values()].map(({ code, kind }) => [
    `\`${code}\``,
    statusOf({ kind }).toString(),
    productText(language, `problem-help.${code}.meaning`),
    productText(language, `problem-help.${code}.action`),
  ])
  return `${[title, intro, table(head, rows)].join('\n\n')}\n`
}

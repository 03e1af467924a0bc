import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'

type Group = readonly [string, readonly (readonly [title: string, page: string])[]]

/** A group of the sidebar; pages are named from `docs/`, without their ending. */
const sidebar = (groups: readonly Group[]): DefaultTheme.SidebarItem[] =>
  groups.map(([text, pages]) => ({
    text,
    items: pages.map(([title, page]) => ({ text: title, link: `/${page}` })),
  }))

const root = join(import.meta.dirname, '../..')
const headingOf = (file: string): string => /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? file

/** What somebody who operates it reads first; the rest follows by name. */
const READ_FIRST = ['first-day.md', 'run.md', 'backup.md']
const order = (file: string) => (READ_FIRST.includes(file) ? READ_FIRST.indexOf(file) : READ_FIRST.length)

/** Every page of a folder of `docs/`, under its own heading. */
const pagesIn = (folder: string): (readonly [string, string])[] =>
  readdirSync(join(root, 'docs', folder))
    .filter((file) => file.endsWith('.md'))
    .sort((a, b) => order(a) - order(b))
    .map((file) => [headingOf(join(root, 'docs', folder, file)), `${folder}/${file.slice(0, -3)}`])

const inChinese = pagesIn('zh-CN/operating')
/** In Chinese where there is a Chinese page, else the English one, which says so. */
const operatingInChinese = [
  ...inChinese,
  ...pagesIn('operating')
    .filter(([, page]) => !inChinese.some(([, other]) => other === `zh-CN/${page}`))
    .map(([title, page]) => [`${title}（英文）`, page] as const),
]

const foldersOf = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
const rooms = [...foldersOf('server'), 'web', 'sandbox', ...foldersOf('sandbox')]
  .filter((folder) => existsSync(join(root, folder, 'README.md')))
  .map((folder) => folder.replace(/^server\//, '').replace('/', '-'))
  .map((room) => [room, `rooms/${room}`] as const)

const englishGroups: readonly Group[] = [
  [
    'Concepts',
    [
      ['Brand', 'concepts/brand'],
      ['Line', 'concepts/line'],
      ['Clocks and the date', 'concepts/clocks'],
      ['Top-up', 'concepts/top-up'],
      ['Ledger', 'concepts/ledger'],
      ['Idempotency and the unknown', 'concepts/idempotency'],
    ],
  ],
  [
    'Guides',
    [
      ['Your first top-up', 'guides/first-top-up'],
      ['Create your brand', 'guides/create-your-brand'],
      ['Ways to pay', 'guides/ways-to-pay'],
      ['Go live with Alipay', 'guides/go-live-with-alipay'],
      ['WeChat Pay', 'guides/wechat-pay'],
      ['UnionPay', 'guides/unionpay'],
      ['Cards', 'guides/cards'],
      ['Bank transfer', 'guides/bank-transfer'],
      ['Paying in another currency', 'guides/another-currency'],
      ['Connect an agent’s system', 'guides/connect-an-agent'],
      ['Examples', 'examples/'],
    ],
  ],
  [
    'Reference',
    [
      ['API', 'reference/api'],
      ['Problems', 'reference/problems'],
      ['Commands', 'reference/commands'],
      ['Configuration', 'reference/configuration'],
      ['States of an order', 'reference/order-states'],
      ['Every rail, every fault', 'reference/rails-matrix'],
      ['Postings and accounts', 'reference/postings'],
      ['Retention presets', 'reference/policies'],
      ['Who may call what', 'security/authorisation'],
    ],
  ],
  ['Operating', pagesIn('operating')],
  [
    'Project',
    [
      ['Architecture', 'project/architecture'],
      ['Style', 'project/style'],
      ['Decisions', 'adr/'],
      ['Roadmap', 'project/roadmap'],
      ['Changelog', 'project/changelog'],
    ],
  ],
  ['Rooms', rooms],
]

const chineseGroups: readonly Group[] = [
  [
    '概念',
    [
      ['品牌', 'zh-CN/concepts/brand'],
      ['号码', 'zh-CN/concepts/line'],
      ['时钟与“号码保留至”', 'zh-CN/concepts/clocks'],
      ['充值订单', 'zh-CN/concepts/top-up'],
      ['账本', 'zh-CN/concepts/ledger'],
      ['幂等与“结果未知”', 'zh-CN/concepts/idempotency'],
    ],
  ],
  [
    '指南',
    [
      ['第一次充值', 'zh-CN/guides/first-top-up'],
      ['创建您的品牌', 'zh-CN/guides/create-your-brand'],
      ['支付方式', 'zh-CN/guides/ways-to-pay'],
      ['接入支付宝上线', 'zh-CN/guides/go-live-with-alipay'],
      ['微信支付', 'zh-CN/guides/wechat-pay'],
      ['银联', 'zh-CN/guides/unionpay'],
      ['境外银行卡', 'zh-CN/guides/cards'],
      ['银行转账', 'zh-CN/guides/bank-transfer'],
      ['用另一种币种支付', 'zh-CN/guides/another-currency'],
      ['对接代理商系统', 'zh-CN/guides/connect-an-agent'],
      ['示例程序（英文）', 'examples/'],
    ],
  ],
  [
    '参考',
    [
      ['接口', 'zh-CN/reference/api'],
      ['错误码', 'zh-CN/reference/problems'],
      ['订单状态', 'zh-CN/reference/order-states'],
      ['支付方式与意外', 'zh-CN/reference/rails-matrix'],
      ['记账规则与科目', 'zh-CN/reference/postings'],
      ['保号规则预设', 'zh-CN/reference/policies'],
      ['配置', 'zh-CN/reference/configuration'],
      ['命令（英文）', 'reference/commands'],
      ['接口权限表（英文）', 'security/authorisation'],
    ],
  ],
  ['运维', operatingInChinese],
  [
    '项目（英文）',
    [
      ['架构', 'project/architecture'],
      ['代码规范', 'project/style'],
      ['设计决策', 'adr/'],
      ['路线图', 'project/roadmap'],
      ['更新记录', 'project/changelog'],
    ],
  ],
]

/** The pages a sidebar leads to: `concepts/brand`. */
export const namedPages: readonly string[] = [...englishGroups, ...chineseGroups].flatMap(([, pages]) =>
  pages.map(([, page]) => page),
)

export const english = {
  label: 'English',
  lang: 'en',
  description: 'Prepaid top-up and number retention for carriers, MVNOs and their dealers',
  themeConfig: {
    nav: [
      { text: 'First top-up', link: '/guides/first-top-up' },
      { text: 'Concepts', link: '/concepts/brand', activeMatch: '^/concepts/' },
      { text: 'Operating', link: '/operating/run', activeMatch: '^/operating/' },
    ],
    sidebar: sidebar(englishGroups),
    outline: { level: [2, 3], label: 'On this page' },
  } satisfies DefaultTheme.Config,
}

export const chinese = {
  label: '简体中文',
  lang: 'zh-CN',
  title: '保号 Baohao',
  description: '面向运营商、虚拟运营商及其代理商的预付费充值与保号系统',
  themeConfig: {
    nav: [
      { text: '第一次充值', link: '/zh-CN/guides/first-top-up' },
      { text: '概念', link: '/zh-CN/concepts/brand', activeMatch: '^/zh-CN/concepts/' },
      { text: '运维', link: '/zh-CN/operating/first-day', activeMatch: '^/zh-CN/operating/' },
    ],
    sidebar: sidebar(chineseGroups),
    outline: { level: [2, 3], label: '本页目录' },
    docFooter: { prev: '上一页', next: '下一页' },
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色',
    darkModeSwitchTitle: '切换到深色',
    sidebarMenuLabel: '目录',
    returnToTopLabel: '回到顶部',
    langMenuLabel: '切换语言',
    skipToContentLabel: '跳到正文',
    notFound: {
      title: '没有这个页面',
      quote: '链接可能已经改变，请从首页或搜索重新进入。',
      linkText: '回到首页',
      linkLabel: '回到首页',
    },
  } satisfies DefaultTheme.Config,
  searchWords: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详情',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭',
      noResultsText: '没有找到',
      footer: { selectText: '打开', navigateText: '上下移动', closeText: '关闭' },
    },
  },
}

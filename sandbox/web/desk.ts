import { chinaTime } from '../clock.ts'
import type { NotificationRecord, Told } from '../notification.ts'
import { html, type Language, type Markup, type Words } from './page.ts'

/** How many rows a panel shows of a book that only grows. */
const mostRows = 12

interface ListPanel<Item> {
  /** Names the panel on its page. */
  id: string
  heading: string
  /** Instead of rows, where there are none. */
  empty: string
  /** `broad` takes two columns of the desk. */
  look?: 'broad'
  /** Oldest first; the panel shows the newest first. */
  items: Iterable<Item>
  row(item: Item): Markup
}

/** A panel with the newest of a book's items. */
export function latestPanel<Item>({ id, heading, empty, look, items, row }: ListPanel<Item>): Markup {
  const latest = [...items].reverse().slice(0, mostRows)
  return html`<section class="panel ${look}" aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${latest.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="rows">${latest.map(row)}</ul>`}
</section>`
}

const words: Words<'none' | 'told' | 'dropped' | 'untold' | 'tries' | 'next'> = {
  'zh-CN': {
    none: '还没有通知',
    told: '已确认',
    dropped: '已丢弃',
    untold: '未确认',
    tries: '次',
    next: '下次',
  },
  en: {
    none: 'No notifications yet',
    told: 'acknowledged',
    dropped: 'dropped',
    untold: 'not acknowledged',
    tries: 'sent',
    next: 'next',
  },
}

interface NoticePanel<One extends Told> extends Pick<ListPanel<unknown>, 'heading' | 'look'> {
  records: ReadonlyMap<string, NotificationRecord<One>>
  nextSendingAt(record: NotificationRecord<One>): number | undefined
  /** What it is, and what it is about. */
  entry(notification: One): Markup
}

/** A rail's newest notifications: whether they were taken, how often they went out, and when they do again. */
export function noticePanel<One extends Told>(language: Language, panel: NoticePanel<One>): Markup {
  const say = words[language]
  const row = (record: NotificationRecord<One>) => {
    const { notification, sendings, dropped } = record
    const next = panel.nextSendingAt(record)
    const told = sendings.some(({ acknowledged }) => acknowledged)
    const word = told ? say.told : dropped ? say.dropped : say.untold
    return html`<li><span class="entry">${panel.entry(notification)}</span>
<span class="entry end"><span>${sendings.length} ${say.tries}${next !== undefined && ` · ${say.next} ${chinaTime(next).slice(11)}`}</span><span class="chip ${told ? 'good' : 'bad'}">${word}</span></span></li>`
  }
  return latestPanel({ ...panel, id: 'notices', empty: say.none, items: panel.records.values(), row })
}

type Area = 'local' | 'session'

/** What storage would hold where it is closed to us (private windows) or full: it lasts as long as the page. */
const instead = new Map<string, string>()

const areaOf = (area: Area): Storage => (area === 'local' ? localStorage : sessionStorage)

/** The text kept under a name, or null. `local` outlives the browser, `session` the reload of this tab. */
export function readStored(area: Area, name: string): string | null {
  try {
    return instead.get(name) ?? areaOf(area).getItem(name)
  } catch {
    return instead.get(name) ?? null
  }
}

/** Keeps a text; null forgets it. */
export function writeStored(area: Area, name: string, text: string | null): void {
  try {
    if (text === null) areaOf(area).removeItem(name)
    else areaOf(area).setItem(name, text)
    instead.delete(name)
  } catch {
    if (text === null) instead.delete(name)
    else instead.set(name, text)
  }
}

/** A kept list; what is no JSON array of the right things, from a release long gone, counts as nothing. */
export function readStoredList<Item>(
  name: string,
  isItem: (value: unknown) => value is Item,
): readonly Item[] {
  try {
    const value: unknown = JSON.parse(readStored('local', name) ?? '[]')
    return Array.isArray(value) ? value.filter(isItem) : []
  } catch {
    return []
  }
}

import { chinaTime, parseChinaTime } from '../clock.ts'

/** RFC 3339 in GMT+8, as API v3 writes every time: `2026-11-22T14:00:05+08:00`. */
export function wireTime(at: number): string {
  return `${chinaTime(at).replace(' ', 'T')}+08:00`
}

/** The instant of such a text in any zone; undefined for another form. */
export function parseWireTime(text: string): number | undefined {
  const [, day, time, sign, hours, minutes] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,3})?([+-])(\d\d):(\d\d)$/.exec(
      text.replace(/Z$/, '+00:00'),
    ) ?? []
  const inChina = parseChinaTime(`${day} ${time}`)
  if (inChina === undefined) return undefined
  const east =
    (Number.parseInt(`${hours}`, 10) * 60 + Number.parseInt(`${minutes}`, 10)) * (sign === '-' ? -1 : 1)
  return inChina + (480 - east) * 60_000
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const here = import.meta.dirname
const languages = ['zh-CN', 'en'] as const
const namesOf = (language: string) => readdirSync(join(here, language)).sort()

/** A catalogue as `path -> text`; array items count as `section.0`. */
function texts(language: string, file: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (node: unknown, path: string) => {
    if (typeof node === 'string') found.set(path, node)
    else if (typeof node === 'object' && node !== null) {
      for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`)
    } else found.set(path, '')
  }
  walk(JSON.parse(readFileSync(join(here, language, file), 'utf8')), '')
  return found
}

/** A counted text has one form per plural category of its language: `daysLeft_one`, `daysLeft_other`. */
const pluralForm = /_(zero|one|two|few|many|other)$/
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
const baseOf = (key: string) => key.replace(pluralForm, '')

it('every catalogue exists in every language', () => {
  expect(namesOf('en')).toEqual(namesOf('zh-CN'))
  expect(namesOf('zh-CN')).toContain('portal.json')
})

describe.each(namesOf('zh-CN'))('%s', (file) => {
  const chinese = texts('zh-CN', file)
  const english = texts('en', file)

  it('says the same things in both languages', () => {
    const bases = (catalogue: Map<string, string>) => [...new Set([...catalogue.keys()].map(baseOf))].sort()
    expect(bases(english)).toEqual(bases(chinese))
  })

  it.each(languages)('%s has each form its plurals need, and no other', (language) => {
    const catalogue = texts(language, file)
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counted = [...catalogue.keys()].filter((key) => pluralForm.test(key))
    for (const base of new Set(counted.map(baseOf))) {
      const forms = counted.filter((key) => baseOf(key) === base).map((key) => pluralForm.exec(key)?.[1])
      expect(forms.sort(), base).toEqual([...needed].sort())
    }
  })

  it('fills the same blanks', () => {
    for (const [key, text] of english) {
      const other = chinese.get(key) ?? chinese.get(`${baseOf(key)}_other`)
      expect(placeholders(text), key).toEqual(placeholders(other ?? ''))
    }
  })

  it('leaves no text empty and no blank half-written', () => {
    for (const [key, text] of [...chinese, ...english]) {
      expect(text.trim(), key).toBe(text)
      expect(text, key).not.toBe('')
      expect(text.replace(/\{\{\w+\}\}/g, ''), key).not.toMatch(/[{}]/)
    }
  })
})

describe('Chinese words of the house', () => {
  const all = namesOf('zh-CN').flatMap((file) =>
    [...texts('zh-CN', file)].map(([key, text]) => ({ at: `${file} ${key}`, text })),
  )

  it('has one word for paying: 支付; 待付款 is a state', () => {
    const others = all.filter(({ text }) => text.replace('待付款', '').includes('付款'))
    expect(others).toEqual([])
  })

  it('speaks to subscribers as 您 and writes ¥, not the printer’s ￥', () => {
    expect(all.filter(({ text }) => /你|￥/.test(text))).toEqual([])
  })

  it('uses full-width marks after Chinese', () => {
    expect(all.filter(({ text }) => /\p{Script=Han}[,;!?]/u.test(text))).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TERMS_VERSION } from '../server/house.ts'
import { currentVersion, legalVersions } from '../web/areas/portal/legal/legal-document.ts'

it.each(['zh-CN', 'en'])(
  'what a registration accepts in %s is what the page shows as in force',
  (language) => {
    const file = join(import.meta.dirname, `../i18n/${language}/legal.json`)
    const { version, documents } = JSON.parse(readFileSync(file, 'utf8'))
    expect(version).toBe(TERMS_VERSION)
    expect(currentVersion).toBe(TERMS_VERSION)
    expect(Object.keys(documents)).toEqual([...legalVersions])
  },
)

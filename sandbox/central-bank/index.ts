import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, utcTime } from '../clock.ts'

/** Under the data directory; whoever needs rates watches it. */
export const RATES_FILE = 'rates/eurofxref-daily.xml'

/**
 * One euro in other currencies. The figures are made up and never move, so that what is tried today comes to the same tomorrow; only
 * the form is the ECB's.
 */
const figures = {
  ...{ USD: '1.1520', JPY: '178.40', GBP: '0.87420', CNY: '8.1935', HKD: '8.9680' },
  ...{ CHF: '0.9310', SGD: '1.4970', AUD: '1.7650', CAD: '1.6140' },
} as const

const DAY_MS = 86_400_000
/** Rates of a day are out at 15:00 UTC: at four in the afternoon in Frankfurt, or five in summer. */
const OUT_AT_MS = 15 * 3_600_000
const LOOK_AGAIN_MS = 60_000

/** The newest day with rates: a working day, by the week alone. Day 0 of the epoch was a Thursday. */
export function newestDay(now: number): string {
  let day = Math.floor((now - OUT_AT_MS) / DAY_MS)
  while ((day + 3) % 7 >= 5) day--
  return utcTime(day * DAY_MS).slice(0, 10)
}

/** A file in the form of the European Central Bank's eurofxref-daily.xml, under this bank's own name. */
export function ratesFile(day: string): string {
  const cubes = Object.entries(figures).map(
    ([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>Sandbox Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='${day}'>
${cubes.join('\n')}
\t\t</Cube>
\t</Cube>
</gesmes:Envelope>
`
}

/** Publishes the newest day's rates, now and whenever a new day's are out, until the clock is stopped. */
export async function startCentralBank({
  clock,
  dataDir,
}: {
  clock: Clock
  dataDir: string
}): Promise<{ stop(): Promise<void> }> {
  const path = join(dataDir, RATES_FILE)
  await mkdir(join(path, '..'), { recursive: true })
  let out = ''
  let writing: Promise<void> = Promise.resolve()
  const publish = async () => {
    const day = newestDay(clock.now())
    if (day !== out) {
      // Whoever reads meanwhile reads the old file whole.
      await writeFile(`${path}.new`, ratesFile(day))
      await rename(`${path}.new`, path)
      out = day
    }
    clock.after(LOOK_AGAIN_MS, () => {
      writing = publish()
    })
  }
  await publish()
  return { stop: () => writing }
}

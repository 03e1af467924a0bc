import { describe, expect, it } from 'vitest'
import { nearMiss } from './near-miss.ts'

const mother = '8613800138000'
const known = ['8615400001234', mother]

describe('a number that is nearly a known one', () => {
  it('differs in one digit', () => {
    expect(nearMiss('8613800138001', known)).toEqual({ msisdn: mother, how: 'digit' })
  })
  it('has two neighbours swapped', () => {
    expect(nearMiss('8613800183000', known)).toEqual({ msisdn: mother, how: 'swap' })
  })
})

it.each([
  ['the known number itself', mother],
  ['two digits that differ', '8613800138011'],
  ['two digits swapped that are no neighbours', '8618300130000'],
  ['another length', '861380013800'],
])('%s is no near miss', (_, typed) => {
  expect(nearMiss(typed, known)).toBeNull()
})

it('a number known beside its neighbour is not warned of', () => {
  expect(nearMiss('8615400001234', ['8615400001235', '8615400001234'])).toBeNull()
})

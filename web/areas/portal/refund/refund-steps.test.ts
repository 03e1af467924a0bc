import { expect, it } from 'vitest'
import type { RefundView } from '../../../../contract/refund.ts'
import { refundSteps } from './refund-steps.ts'

const at = '2026-11-22T06:08:00.000Z'
const refund = (progress: RefundView['progress'], checkedAt: string | null = at): RefundView => ({
  ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCR1', progress, amount: { amountMinor: '2988', currency: 'CNY' } },
  ...{ requestedAt: at, checkedAt: progress === 'waiting' ? null : checkedAt, begunAt: at },
  ...{ doneAt: progress === 'done' ? at : null, refusedCode: null },
})

const told = (progress: RefundView['progress']) =>
  refundSteps(refund(progress)).map(({ step, at, state }) => `${step} ${state}${at === null ? '' : ' at'}`)

it('tells of a refund what has happened, with its time, and what is still to come, without', () => {
  expect(told('waiting')).toEqual([
    ...['asked done at', 'checking waiting', 'beginning later', 'returned later'],
  ])
  expect(told('approved')).toEqual(['asked done at', 'checked done at', 'beginning now', 'returned later'])
  expect(told('sending')).toEqual(['asked done at', 'checked done at', 'taken done at', 'returning now'])
  expect(told('delayed')).toEqual(['asked done at', 'checked done at', 'taken done at', 'delayed waiting'])
  expect(told('done')).toEqual([...['asked done at', 'checked done at', 'taken done at', 'returned done at']])
  expect(told('declined')).toEqual(['asked done at', 'declined ended at'])
  expect(told('refused')).toEqual(['asked done at', 'checked done at', 'refused ended'])
})

it('says nothing of a look at what nobody looked at', () => {
  const small = refundSteps(refund('sending', null))
  expect(small.map(({ step }) => step)).toEqual(['asked', 'taken', 'returning'])
})

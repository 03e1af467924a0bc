export { receiptChecks } from './checks.ts'
export { formatReceiptNumber, onlineSeries } from './receipt-number.ts'
export { lockSeries, openDealerSeries, openOnlineSeries } from './series.ts'
export { type Series, type Taken, takeNumbers } from './store.ts'

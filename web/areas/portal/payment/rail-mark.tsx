import { CreditCard, Landmark } from 'lucide-react'
import { AlipayMark } from './alipay-mark.tsx'
import type { Provider } from './ways.ts'

const tile = 'grid size-9 shrink-0 place-items-center rounded-lg'

/** What people look for in a list of methods: the rail's colour and sign. */
export function RailMark({ provider }: { readonly provider: Provider }) {
  switch (provider) {
    case 'alipay':
      return <AlipayMark />
    case 'wechat':
      return (
        <svg aria-hidden viewBox="0 0 32 32" className="size-9 shrink-0">
          <rect width="32" height="32" rx="8" fill="#07a650" />
          <path
            d="M8 16.5l5.5 5L24.500 11"
            fill="none"
            stroke="#fff"
            strokeWidth="3.5"
            strokeLinecap="round"
          />
        </svg>
      )
    case 'unionpay':
      return (
        <svg aria-hidden viewBox="0 0 32 32" className="size-9 shrink-0">
          <rect width="32" height="32" rx="8" fill="#c8102e" />
          <rect x="11" width="11" height="32" fill="#0a4a8f" />
          <path d="M22 0h2a8 8 0 018 8v16a8 8 0 01-8 8h-2z" fill="#007b84" />
          <text x="16" y="21" textAnchor="middle" fontSize="11" fontWeight="600" fill="#fff">
            银联
          </text>
        </svg>
      )
    case 'card':
      return (
        <span aria-hidden className={`${tile} bg-sunken text-ink-soft`}>
          <CreditCard className="size-5" />
        </span>
      )
    case 'bank':
      return (
        <span aria-hidden className={`${tile} bg-sunken text-ink-soft`}>
          <Landmark className="size-5" />
        </span>
      )
  }
}

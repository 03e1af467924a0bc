/** Alipay's blue tile with 支, as people look for it in a list of methods. */
export function AlipayMark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-9 shrink-0">
      <rect width="32" height="32" rx="8" fill="#1677ff" />
      <text x="16" y="23" textAnchor="middle" fontSize="19" fontWeight="600" fill="#fff">
        支
      </text>
    </svg>
  )
}

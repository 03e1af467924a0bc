/** What WeChat puts into the pages it opens. */
interface Bridge {
  invoke(
    name: string,
    params: Readonly<Record<string, string>>,
    told: (answer: { err_msg?: string }) => void,
  ): void
}

declare global {
  interface Window {
    WeixinJSBridge?: Bridge
  }
}

/** WeChat gives its pages the bridge when it is ready, which may be after they are. */
function bridge(): Promise<Bridge> {
  return new Promise((resolve) => {
    const there = () => window.WeixinJSBridge && resolve(window.WeixinJSBridge)
    there()
    document.addEventListener('WeixinJSBridgeReady', there, { once: true })
  })
}

/**
 * Has WeChat ask its user to pay; resolves when the user is back on the page, with whether WeChat says that it was paid. That is a
 * hint and no more: only the server knows.
 */
export async function payInWeChat(launch: Readonly<Record<string, string>>): Promise<boolean> {
  const { invoke } = await bridge()
  return await new Promise((resolve) =>
    invoke('getBrandWCPayRequest', launch, ({ err_msg }) =>
      resolve(err_msg === 'get_brand_wcpay_request:ok'),
    ),
  )
}

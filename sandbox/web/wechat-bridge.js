// What WeChat adds to the pages it opens: its name in the user agent, and the bridge. Loaded before the page's own scripts.
;(() => {
  const agent = `${navigator.userAgent} Mobile MicroMessenger/8.0.53`
  Object.defineProperty(navigator, 'userAgent', { get: () => agent })

  /** The wallet over the page; `told` hears how its user left it. */
  function openWallet(params, told) {
    const frame = document.createElement('iframe')
    frame.dataset.testid = 'wechat-wallet'
    frame.title = 'WeChat Pay'
    const css = {
      position: 'fixed',
      inset: '0',
      width: '100%',
      height: '100%',
      border: '0',
      zIndex: '2147483647',
    }
    Object.assign(frame.style, css, { background: '#fff' })
    let outcome = 'cancel'
    frame.addEventListener('load', () => {
      const { location, document: shown } = frame.contentWindow
      if (location.pathname === '/sandbox/over') {
        frame.remove()
        told({ err_msg: `get_brand_wcpay_request:${outcome}` })
        return
      }
      // A launch that WeChat refuses has no wallet: it fails, and says why on screen.
      if (shown.querySelector('[data-verdict="launch"]')) outcome = 'fail'
      for (const form of shown.forms) {
        form.addEventListener('submit', () => {
          outcome = form.action.includes('/confirm') ? 'ok' : 'cancel'
        })
      }
    })
    const query = new URLSearchParams({ ...params, redirect_url: `${location.origin}/sandbox/over` })
    frame.src = `/wechat/launch?${query}`
    document.body.append(frame)
  }

  window.WeixinJSBridge = {
    invoke(name, params, told) {
      if (name === 'getBrandWCPayRequest') openWallet(params, told)
      else told({ err_msg: `${name}:fail` })
    },
  }
  document.addEventListener('DOMContentLoaded', () =>
    document.dispatchEvent(new Event('WeixinJSBridgeReady')),
  )
})()

import { buttonClass } from './button.tsx'

/** The page could not start, so neither brand nor texts are at hand: both languages, built in. */
export function StartTrouble() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-column flex-col items-center justify-center gap-6 px-6 text-center">
      <h1 className="text-lg font-semibold">
        页面没有加载成功，请检查网络后重试
        <span lang="en" className="block font-normal text-ink-soft">
          The page could not load; check your network and try again
        </span>
      </h1>
      <button type="button" onClick={() => location.reload()} className={buttonClass()}>
        重新加载 Reload
      </button>
    </main>
  )
}

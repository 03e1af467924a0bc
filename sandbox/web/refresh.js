// Every element with data-refresh="<address>" is filled anew from that address every two seconds while the page is
// looked at. Untouched when nothing changed, so that a selection or a reader's place is not lost.
for (const element of document.querySelectorAll('[data-refresh]')) {
  setInterval(async () => {
    if (document.hidden) return
    const answer = await fetch(element.dataset.refresh).catch(() => undefined)
    if (!answer?.ok) return
    const markup = await answer.text()
    if (markup !== element.dataset.shown) element.innerHTML = markup
    element.dataset.shown = markup
  }, 2000)
}

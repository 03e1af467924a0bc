// Narrows the list while one types, and copies examples. The pages are whole without it.
const search = document.querySelector('#search')
const none = document.querySelector('.none')
const list = document.querySelector('aside nav')
const contents = document.querySelector('.contents')

function narrow() {
  const words = search.value.toLowerCase().split(/\s+/)
  let shown = 0
  for (const item of list.querySelectorAll('[data-words]')) {
    const fits = words.every((word) => item.dataset.words.includes(word))
    item.hidden = !fits
    if (fits) shown++
  }
  for (const group of list.querySelectorAll('[data-group]'))
    group.hidden = group.querySelector('[data-words]:not([hidden])') === null
  if (contents) contents.open = true
  none.textContent = shown === 0 ? list.dataset.none : ''
}
search?.addEventListener('input', narrow)

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = navigator.clipboard === undefined
  const label = button.textContent
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
    button.textContent = document.body.dataset.copied
    setTimeout(() => {
      button.textContent = label
    }, 2000)
  })
}

// On a phone the list is folded away: what was asked for is the page itself.
const desk = matchMedia('(width >= 60rem)')
function unfold() {
  if (contents) contents.open = desk.matches
}
desk.addEventListener('change', unfold)
unfold()

// Buttons to copy and to print, and links that keep the chosen guide. The page works without them, so buttons appear only where they
// work. The syntax is that of 2017, for old telephones.

const { copy, copied } = document.body.dataset
const status = document.getElementById('status')

/** `navigator.clipboard` exists only on https and on the machine itself, and the names of customers are often http. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch (_) {
    if (!copySelected(text)) throw new Error('not copied')
  }
}

function copySelected(text) {
  const area = document.createElement('textarea')
  area.value = text
  // Telephones show no keyboard, and the page does not scroll.
  area.readOnly = true
  area.style.position = 'fixed'
  area.style.top = '0'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

let clearing

/** Screen readers announce only what changes. */
function announce(text) {
  clearTimeout(clearing)
  status.textContent = ''
  setTimeout(() => {
    status.textContent = text
  }, 50)
  clearing = setTimeout(() => {
    status.textContent = ''
  }, 4000)
}

function addCopyButton(value) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.title = copy
  button.setAttribute('aria-label', `${copy}: ${value.textContent}`)
  button.addEventListener('click', async () => {
    try {
      await write(value.textContent)
      button.focus()
      announce(`${copied}: ${value.textContent}`)
    } catch (_) {
      // The person can copy what is selected.
      getSelection().selectAllChildren(value)
    }
  })
  value.after(button)
}

if (navigator.clipboard || document.queryCommandSupported('copy')) {
  for (const value of document.querySelectorAll('code[data-copy]')) addCopyButton(value)
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

/** From now on, the links to other languages and the form show this guide. */
function keepClient(client) {
  for (const link of document.querySelectorAll('a[hreflang]')) {
    const url = new URL(link.href)
    url.searchParams.set('client', client)
    link.href = url.href
  }
  const form = document.querySelector('form')
  if (!form) return
  const known = form.elements.namedItem('client')
  const field = known || document.createElement('input')
  field.type = 'hidden'
  field.name = 'client'
  field.value = client
  if (!known) form.append(field)
}

for (const summary of document.querySelectorAll('.clients summary')) {
  const guide = summary.parentElement
  // After the click: an event for a guide that is open from the start would be no choice.
  summary.addEventListener('click', () => {
    if (guide.open) return
    keepClient(guide.id.replace('client-', ''))
    // A guide above closes, so this one moves.
    guide.addEventListener('toggle', () => summary.scrollIntoView({ block: 'nearest' }), { once: true })
  })
}

// Copy and print buttons. The page works without them, so they appear only where they work.

const { copy, copied } = document.body.dataset
const status = document.getElementById('status')

/** `navigator.clipboard` exists only on https and on the machine itself; customers' names are often http. */
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('not copied')
}

if (navigator.clipboard || document.queryCommandSupported?.('copy')) {
  for (const value of document.querySelectorAll('code[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = copy
    button.setAttribute('aria-label', `${copy}: ${value.textContent}`)
    button.addEventListener('click', async () => {
      try {
        await write(value.textContent)
        status.textContent = copied
        setTimeout(() => {
          status.textContent = ''
        }, 2000)
      } catch {
        getSelection().selectAllChildren(value)
      }
      button.focus()
    })
    value.after(button)
  }
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

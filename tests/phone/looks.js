/**
 * Every fault that can be seen in a page itself, each as a line of text. Called with the least size of text in px, the least
 * contrast, and the least height and width of what a thumb taps, in px.
 */
([TEXT, CONTRAST, TARGET]) => {
  const faults = []
  const root = document.documentElement
  const short = (text) => text.trim().replace(/\s+/g, ' ').slice(0, 30)
  const named = (one) => one.getAttribute('aria-label') || one.getAttribute('alt') || ''
  const say = (what, one) => faults.push(`${what}: ${short(one.textContent) || named(one)} ${one.outerHTML.slice(0, 140)}`)
  const seen = (one) => {
    const box = one.getBoundingClientRect()
    return box.width > 0 && box.height > 0 && getComputedStyle(one).visibility !== 'hidden'
  }
  /** The toast goes by itself. */
  const all = [...document.querySelectorAll('body *')].filter(
    (one) => !['STYLE', 'SCRIPT', 'NOSCRIPT'].includes(one.tagName) && !one.closest('uni-toast') && seen(one),
  )
  const texts = (one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim())
  const wordy = all.filter((one) => texts(one).length > 0)
  const ups = function* (one) {
    for (let up = one; up; up = up.parentElement) yield up
  }

  // --- read without glasses

  const parts = (text) => {
    const [r, g, b, alpha = 1] = text.match(/[\d.]+/g).map(Number)
    return [r, g, b, alpha]
  }
  const over = ([r, g, b, alpha], below) => [r, g, b].map((value, place) => value * alpha + below[place] * (1 - alpha))
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (one) => {
    const layers = []
    for (const up of ups(one)) {
      layers.push(parts(getComputedStyle(up).backgroundColor))
      if (layers[layers.length - 1][3] === 1) break
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255])
  }
  const opacity = (one) => [...ups(one)].reduce((left, up) => left * getComputedStyle(up).opacity, 1)

  for (const one of wordy) {
    const { fontSize, color } = getComputedStyle(one)
    if (parseFloat(fontSize) < TEXT) say(`${fontSize} is small`, one)
    if (one.closest('[aria-disabled="true"]')) continue // what cannot be tapped yet is pale on purpose
    const below = ground(one)
    const [r, g, b, alpha] = parts(color)
    const [bright, dark] = [light(over([r, g, b, alpha * opacity(one)], below)), light(below)].sort((x, y) => y - x)
    const contrast = (bright + 0.05) / (dark + 0.05)
    if (contrast < CONTRAST) say(`contrast ${contrast.toFixed(1)}`, one)
  }

  // --- tapped with a thumb, told by a screen reader, reached by a keyboard

  const ROLES = ['button', 'checkbox', 'radio', 'tab', 'link']
  const NATIVE = ['BUTTON', 'INPUT', 'A', 'TEXTAREA']
  for (const one of all) {
    if (one.getAttribute('role') === 'img' && !one.getAttribute('aria-label')) say('a picture without words', one)
    const tappable = ROLES.includes(one.getAttribute('role')) || NATIVE.includes(one.tagName)
    if (!tappable || one.closest('[aria-hidden="true"]')) continue
    if (!named(one).trim() && !one.textContent.trim()) say('no name for a screen reader', one)
    // A thumb that comes down anywhere in the frame of a field is in the field.
    const { width, height } = (one.closest('.box') ?? one).getBoundingClientRect()
    if (width < TARGET || height < TARGET) say(`${Math.round(width)}x${Math.round(height)} is too small for a thumb`, one)
    if (!NATIVE.includes(one.tagName) && one.tabIndex < 0) say('no keyboard reaches it', one)
  }

  // --- read to the end: nothing cut, off the screen, or on top of something else

  /** Where the characters stand: the lines of a text, without the space above and below that its font asks for. */
  const lines = (one) => {
    const size = parseFloat(getComputedStyle(one).fontSize) * (one.currentCSSZoom ?? 1)
    return texts(one).flatMap((node) => {
      const range = document.createRange()
      range.selectNodeContents(node)
      return [...range.getClientRects()]
        .filter((box) => box.width > 1)
        .map(({ left, right, top, bottom, height }) => {
          const air = Math.max(0, (height - size) / 2)
          return { one, left, right, top: top + air, bottom: bottom - air }
        })
    })
  }
  const clips = (value) => value === 'hidden' || value === 'clip'
  const scrolls = (value) => value === 'auto' || value === 'scroll'
  const hidden = (one) => opacity(one) === 0 || one.closest('[aria-hidden="true"]')
  const shown = wordy.filter((one) => !hidden(one)).flatMap(lines)
  /** What is painted behind a text is its box, and the text stays in it. */
  const painted = ({ backgroundColor, borderTopWidth }) => parts(backgroundColor)[3] > 0 || parseFloat(borderTopWidth) > 0
  const cut = (line) => {
    const off = line.left < -1 || line.right > innerWidth + 1
    let [across, down, boxed] = [false, false, false] // there one can scroll to it; its box was seen
    for (const up of ups(line.one)) {
      if (up === document.body || up === root) break
      const look = getComputedStyle(up)
      const { overflowX, overflowY, position } = look
      const box = up.getBoundingClientRect()
      if (!boxed && !across && !down && painted(look)) {
        boxed = true
        const inside = line.left > box.left - 1 && line.right < box.right + 1 && line.top > box.top - 1 && line.bottom < box.bottom + 1
        if (!inside && !off && !clips(overflowX) && !clips(overflowY)) return 'text runs out of its box'
      }
      across ||= scrolls(overflowX)
      down ||= scrolls(overflowY)
      if (!across && clips(overflowX) && (line.left < box.left - 1 || line.right > box.right + 1)) return 'text is cut at the side'
      if (!down && clips(overflowY) && (line.top < box.top - 1 || line.bottom > box.bottom + 1)) return 'text is cut above or below'
      if (position === 'fixed') break
    }
    return off && !across ? 'text is off the screen' : ''
  }
  const told = new Set()
  const once = (what, one) => {
    if (!told.has(one)) say(what, one)
    told.add(one)
  }
  for (const line of shown) {
    const what = cut(line)
    if (what) once(what, line.one)
  }
  /** What a bar that stays covers can be scrolled out from under it. */
  const layer = (one) => [...ups(one)].find((up) => ['fixed', 'sticky'].includes(getComputedStyle(up).position)) ?? root
  const layers = Map.groupBy(shown, (line) => layer(line.one))
  const SLACK = 2
  for (const together of layers.values())
    together.forEach((line, place) => {
      for (const other of together.slice(place + 1)) {
        const wide = Math.min(line.right, other.right) - Math.max(line.left, other.left)
        const high = Math.min(line.bottom, other.bottom) - Math.max(line.top, other.top)
        if (wide > SLACK && high > SLACK) once(`text on top of “${short(other.one.textContent)}”`, line.one)
      }
    })
  if (root.scrollWidth > root.clientWidth) faults.push(`it scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`)

  // --- the page as a whole

  if (!all.some((one) => one.matches('[role="main"], main'))) faults.push('no main part')
  if (root.lang !== 'zh-CN') faults.push('the page does not say that it is Chinese')
  if (!document.title) faults.push('no title')
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id).filter(Boolean)
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`the id ${id} is there twice`)
  return faults
}

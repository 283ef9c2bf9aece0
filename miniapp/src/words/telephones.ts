/** A telephone number as a phone dials it: an extension in brackets is for whoever answers. */
export function dialled(text: string): string {
  const found = /(?:[（(]0\d{2,3}[）)])?\d[\d-]{6,}\d/.exec(text)
  return found === null ? '' : found[0].replace(/\D/g, '')
}

export interface Piece {
  text: string
  /** what a phone dials; "" where it is words */
  number: string
}

// With its area code, of 400 or 800, or a mobile phone's: other digits are accounts, days and numbers of applications.
const TELEPHONE =
  /(^|[^\d-])([（(]0\d{2,3}[）)]\d{7,8}|0\d{2,3}-\d{7,8}|[48]00-\d{3}-\d{4}|[48]00-?\d{7}|1[3-9]\d{9})(?![\d-])/g

/** A text cut where telephone numbers begin and end, in order; nothing is lost. */
export function cutAtTelephones(text: string): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  const say = (words: string, number: string): void => {
    if (words !== '') pieces.push({ text: words, number })
  }
  for (const found of text.matchAll(TELEPHONE)) {
    const [, before = '', written = ''] = found
    const start = found.index! + before.length
    say(text.slice(done, start), '')
    say(written, dialled(written))
    done = start + written.length
  }
  say(text.slice(done), '')
  return pieces
}

/** A name written with a finger: strokes on a paper of fixed size, however large the phone shows it and however it is turned. */

export const PAPER = { width: 900, height: 450 }
/** Shorter than this part of the paper it is a slip of the finger; the server refuses it too. */
const LEAST = 0.15
const PEN = 13

export interface Point {
  x: number
  y: number
}
export type Stroke = Point[]
/** What is used of a canvas: the same in WeChat and in browsers. */
export interface Sheet {
  fillStyle: unknown
  strokeStyle: unknown
  lineWidth: number
  lineCap: unknown
  lineJoin: unknown
  fillRect(x: number, y: number, width: number, height: number): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  quadraticCurveTo(cpx: number, cpy: number, x: number, y: number): void
  stroke(): void
}

/** A point of the shown pad, on the paper. */
export function onPaper(point: Point, shown: { width: number; height: number }): Point {
  return {
    x: (point.x / (shown.width || 1)) * PAPER.width,
    y: (point.y / (shown.height || 1)) * PAPER.height,
  }
}

/** Has something been written that can be a name? */
export function isWritten(strokes: readonly Stroke[]): boolean {
  const points = strokes.flat()
  const span = (values: number[]): number => (values.length === 0 ? 0 : Math.max(...values) - Math.min(...values))
  return (
    span(points.map((one) => one.x)) >= PAPER.width * LEAST || span(points.map((one) => one.y)) >= PAPER.height * LEAST
  )
}

/** Black on white, whatever the phone's colours: it is printed. */
export function drawAll(sheet: Sheet, strokes: readonly Stroke[]): void {
  sheet.fillStyle = '#ffffff'
  sheet.fillRect(0, 0, PAPER.width, PAPER.height)
  for (const stroke of strokes) drawStroke(sheet, stroke)
}

/** One stroke, its corners rounded through the middles of its steps. */
function drawStroke(sheet: Sheet, stroke: Stroke): void {
  const [first] = stroke
  const last = stroke[stroke.length - 1]
  if (first === undefined || last === undefined) return
  sheet.strokeStyle = '#000000'
  sheet.lineWidth = PEN
  sheet.lineCap = 'round'
  sheet.lineJoin = 'round'
  sheet.beginPath()
  sheet.moveTo(first.x, first.y)
  stroke.slice(1, -1).forEach((point, place) => {
    const next = stroke[place + 2] ?? point
    sheet.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2)
  })
  sheet.lineTo(last.x, last.y)
  sheet.stroke()
}

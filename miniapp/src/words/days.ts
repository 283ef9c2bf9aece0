/** Days and instants in the words that people read. Days come as 2026-04-25, and are Shanghai's whatever the phone's zone. */

const WEEKDAYS = '日一二三四五六'

interface Day {
  year: number
  month: number
  day: number
}

function read(iso: string): Day {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { year, month, day }
}

function weekday(iso: string): string {
  const { year, month, day } = read(iso)
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? ''
}

/** The day that it is in Shanghai, by this phone's clock. */
export function today(): string {
  return new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)
}

/** The first day of the year so many years ago. */
export function yearsAgo(years: number): string {
  return `${Number(today().slice(0, 4)) - years}-01-01`
}

/** 2026年4月25日（周六） */
export function dayText(iso: string): string {
  return `${plainDay(iso)}（周${weekday(iso)}）`
}

/** 2026年4月25日 */
export function plainDay(iso: string): string {
  const { year, month, day } = read(iso)
  return `${year}年${month}月${day}日`
}

/** 4月25日（周六） */
export function shortDay(iso: string): string {
  const { month, day } = read(iso)
  return `${month}月${day}日（周${weekday(iso)}）`
}

/** 2026年2月23日至3月22日; the last year only where it is another */
export function windowText(window: { first: string; last: string }): string {
  const [first, last] = [read(window.first), read(window.last)]
  if (window.first === window.last) return dayText(window.first)
  const end = `${first.year === last.year ? '' : `${last.year}年`}${last.month}月${last.day}日`
  return `${first.year}年${first.month}月${first.day}日至${end}`
}

/** 2026年4月, of a month as 2026-04 */
export function monthText(iso: string): string {
  const { year, month } = read(iso)
  return `${year}年${month}月`
}

/** The day of an instant in Shanghai, as 2026-03-23. */
export function shanghaiDay(now: Date): string {
  return new Date(now.getTime() + 8 * 3600_000).toISOString().slice(0, 10)
}

/** 2026年3月23日 14:05, of an instant with its zone, on a Shanghai clock */
export function instantText(iso: string): string {
  const local = new Date(Date.parse(iso) + 8 * 3600_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`
  return `${local.getUTCFullYear()}年${local.getUTCMonth() + 1}月${local.getUTCDate()}日 ${time}`
}

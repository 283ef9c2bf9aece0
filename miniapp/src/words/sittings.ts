import type { Sitting } from '@/api'
import { dayText, windowText } from './days'

/** The three heaps in which sittings are shown: open now, soon to be, and closed to those who have not applied. */
export type Heap = 'open' | 'soon' | 'closed'
export const HEAPS: { heap: Heap; text: string; none: string }[] = [
  { heap: 'open', text: '正在受理', none: '现在没有正在受理申报的考次，可以看看“即将受理”的。' },
  { heap: 'soon', text: '即将受理', none: '暂时没有即将受理的考次。新的考次会在通知发布后出现在这里。' },
  { heap: 'closed', text: '已截止', none: '没有已截止的考次。' },
]

export function heapOf(sitting: Sitting): Heap {
  if (sitting.phase === 'soon') return 'soon'
  return sitting.phase === 'applying' && sitting.decision === null ? 'open' : 'closed'
}

/** Is this what somebody looks for? Each word of the wish is in its occupation, level or institution; 4级 is 四级. */
export function matches(sitting: Sitting, wish: string): boolean {
  const said = `${sitting.occupation} ${sitting.level_name} ${sitting.institution}`.toLowerCase()
  const words = wish
    .trim()
    .toLowerCase()
    .replace(/([1-5一二三四五])级/g, (_, level: string) => ` ${'一二三四五'[Number(level) - 1] ?? level}级`)
    .split(/[\s，,、]+/)
  return words.every((word) => said.includes(word))
}

/** 企业人力资源管理师 四级/中级工 */
export function subjectOf(sitting: Sitting): string {
  return `${sitting.occupation} ${sitting.level_name}`
}

/** When one is assessed, with the year, and whether that is settled. */
export function assessedText(sitting: Sitting): string {
  const year = sitting.assessed.first.slice(0, 4)
  return `${year}年${sitting.when}${sitting.day_fixed ? '' : '（具体日期另行通知）'}`
}

export function placeText(sitting: Sitting): string {
  return sitting.place === '' ? '另行通知' : sitting.place
}

/** What somebody can do about it now, in a few words. */
export function stateText(sitting: Sitting): string {
  if (sitting.decision === 'postponed') return '已延期'
  if (heapOf(sitting) === 'open') return sitting.apply_in === 'window' ? '请到窗口申报' : '可以申报'
  return sitting.phase_name
}

export function applyText(sitting: Sitting): string {
  return windowText(sitting.apply)
}

/** What whoever cannot apply on the phone now is to do instead; "" where one can. `below`: where the window's ways are told. */
export function adviceOf(sitting: Sitting, below = '办法见下'): string {
  if (sitting.open) return ''
  if (sitting.decision === 'postponed') return '这个考次已延期，不再受理申报。请返回列表选择其他考次。'
  const atWindow = sitting.apply_in === 'window'
  const heap = heapOf(sitting)
  if (heap === 'soon' && atWindow) return `${dayText(sitting.apply.first)}起受理，请到时本人到业务受理窗口申报，${below}。`
  if (heap === 'soon') return `${dayText(sitting.apply.first)}起可以申报。请到时再来。`
  if (heap === 'open' && atWindow) return `个人申报请本人到业务受理窗口办理，${below}。`
  return '申报已截止，请返回列表选择下一个考次。'
}

/** What a sitting tells whoever cannot apply for it on the phone now. */
import { expect, it } from 'vitest'
import type { Sitting } from '@/api'
import { adviceOf } from '@/words/sittings'

const one = (given: Partial<Sitting>): Sitting =>
  ({ open: false, decision: null, phase: 'applying', apply_in: 'mini_program', apply: { first: '2026-02-23', last: '2026-03-22' }, ...given }) as Sitting

it.each([
  ['open on the phone', { open: true }, ''],
  ['not yet open', { phase: 'soon' }, '2026年2月23日（周一）起可以申报。请到时再来。'],
  ['not yet open, at a window', { phase: 'soon', apply_in: 'window' }, '2026年2月23日（周一）起受理，请到时本人到业务受理窗口申报，办法见下。'],
  ['open at a window', { apply_in: 'window' }, '个人申报请本人到业务受理窗口办理，办法见下。'],
  ['over', { phase: 'paying' }, '申报已截止，请返回列表选择下一个考次。'],
  ['over, at a window', { phase: 'paying', apply_in: 'window' }, '申报已截止，请返回列表选择下一个考次。'],
  ['moved', { decision: 'postponed' }, '这个考次已延期，不再受理申报。请返回列表选择其他考次。'],
] as const)('%s', (_, given, said) => {
  expect(adviceOf(one(given))).toBe(said)
})

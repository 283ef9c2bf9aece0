/** What people are told when the phone gives no picture, and what they may say of days. */
import './phone'
import { afterEach, expect, it, vi } from 'vitest'
import type { Registration, Sitting } from '@/api'
import { today, yearsAgo } from '@/words/days'
import { refusalOf } from '@/words/refusals'
import { standing } from '@/words/registrations'

afterEach(() => void vi.useRealTimers())

it.each([
  ['chooseImage:fail cancel', '', false],
  ['chooseImage:fail auth deny', '去设置', true],
  ['chooseImage:fail:auth denied', '去设置', true],
  ['chooseImage:fail authorize no response', '去设置', true],
  ['chooseImage:fail privacy permission is not authorized', '隐私保护指引', false],
  ['chooseImage:fail api scope is not declared in the privacy agreement', '隐私保护指引', false],
  ['chooseImage:fail system permission denied', '手机的“设置”', false],
  ['chooseImage:fail', '请重试', false],
])('a picture that did not come says why, unless nobody wanted one: %s', (why, words, settings) => {
  const told = refusalOf(why)
  expect(told.advice === '').toBe(words === '')
  expect(told.advice).toContain(words)
  expect(told.settings).toBe(settings)
})

it('today is Shanghai’s, and a wheel begins at the first day of a year', () => {
  vi.useFakeTimers({ now: Date.parse('2026-12-31T16:30:00Z') })
  expect([today(), yearsAgo(30)]).toEqual(['2027-01-01', '1997-01-01'])
})

const sitting = { id: 1, institution_key: 'a', occupation: '保育师', level: 4 } as Sitting
const registered = (status: string, change: Partial<Sitting> = {}): Registration =>
  ({ status, sitting: { ...sitting, ...change } }) as unknown as Registration

it.each([
  ['submitted', {}, true],
  ['paid', { id: 2 }, true],
  ['withdrawn', {}, false],
  ['concluded', {}, false],
  ['submitted', { level: 3 }, false],
  ['submitted', { institution_key: 'b' }, false],
])('nobody stands twice for an occupation and level: %s %o', (status, change, stands) => {
  expect(standing([registered(status, change)], sitting) !== undefined).toBe(stands)
})

it('of two it is the one of this sitting that is shown', () => {
  expect(standing([registered('paid', { id: 2 }), registered('submitted')], sitting)?.sitting.id).toBe(1)
})

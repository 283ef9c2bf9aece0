/** Days, places and pictures in the words and shapes that people and phones read. */
import { describe, expect, it } from 'vitest'
import { portraitFault } from '@/words/portrait'
import { dayText, instantText, monthText, shortDay, windowText } from '@/words/days'
import { dialled } from '@/words/places'
import { utf8 } from '@/words/pictures'
import { nextStep, toneOf } from '@/words/registrations'
import type { Registration } from '@/api'

describe('days are Shanghai’s, whatever the phone thinks', () => {
  it.each([
    [dayText('2026-04-25'), '2026年4月25日（周六）'],
    [shortDay('2026-11-08'), '11月8日（周日）'],
    [windowText({ first: '2026-02-23', last: '2026-03-22' }), '2026年2月23日至3月22日'],
    [windowText({ first: '2026-12-28', last: '2027-01-05' }), '2026年12月28日至2027年1月5日'],
    [windowText({ first: '2026-04-25', last: '2026-04-25' }), '2026年4月25日（周六）'],
    [monthText('2015-01-01'), '2015年1月'],
    [instantText('2026-03-23T16:05:00+00:00'), '2026年3月24日 00:05'],
    [instantText('2026-03-24T00:05:00+08:00'), '2026年3月24日 00:05'],
  ])('%s', (made, wanted) => expect(made).toBe(wanted))
})

it.each([
  ['021-62418668', '02162418668'],
  ['上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00）', '4008209278'],
  ['（021）62411384转207', '02162411384'],
  ['请到窗口询问', ''],
])('what is dialled of %s', (text, number) => expect(dialled(text)).toBe(number))

it('a text’s bytes are UTF-8, or a picture with a Chinese label would be none', () => {
  expect([...utf8('a二')]).toEqual([0x61, 0xe4, 0xba, 0x8c])
})

it.each([
  [300, 400, ''],
  [299, 400, '照片太小'],
  [413, 399, '照片太小'],
])('a portrait of %i by %i', (width, height, fault) => {
  expect(portraitFault(width, height).slice(0, 4)).toBe(fault)
})

describe('what comes next', () => {
  const sitting = {
    phase: 'paying',
    decision: null,
    fee: '350元',
    ticket_from: '2026-04-20',
    apply: { first: '2026-02-23', last: '2026-03-22' },
    pay: { first: '2026-03-23', last: '2026-03-29' },
  }
  const one = (changes: object, place: object = {}): Registration =>
    ({ status: 'submitted', may: [], note: '', postponed: null, ...changes, sitting: { ...sitting, ...place } }) as never

  it.each([
    [one({ status: 'submitted' }), '等待审核，审核结果会通知您'],
    [one({ status: 'returned', may: ['amend'] }), '请按审核意见补正，3月29日（周日）前（含当日）重新提交'],
    [one({ status: 'returned' }), '补正已截止，请致电咨询'],
    [one({ status: 'approved' }), '请缴费350元，3月29日（周日）前（含当日）到账'],
    [one({ status: 'approved' }, { phase: 'between' }), '2026年3月23日（周一）起缴费'],
    [one({ status: 'approved' }, { phase: 'preparing' }), '缴费已截止，如已转账请致电咨询'],
    [one({ status: 'paid' }, { decision: 'held' }), '已确定开考，2026年4月20日（周一）起可以查看准考证'],
    [one({ status: 'paid' }, { decision: 'held', phase: 'tickets' }), '请查看准考证，按时参加评价'],
    [one({ status: 'absent', note: '请致电' }), '请致电'],
  ])('%#', (registration, sentence) => expect(nextStep(registration)).toBe(sentence))

  it('what waits for the person stands out', () => {
    expect([toneOf(one({ status: 'returned' })), toneOf(one({ status: 'paid' }))]).toEqual(['care', 'good'])
  })
})

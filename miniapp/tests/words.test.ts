/** Days, places and pictures in the words and shapes that people and phones read. */
import { describe, expect, it } from 'vitest'
import { portraitFault } from '@/words/portrait'
import { dayText, instantText, monthText, plainDay, shortDay, windowText } from '@/words/days'
import { cutAtTelephones, dialled } from '@/words/telephones'
import { utf8 } from '@/words/pictures'
import { inFours } from '@/words/accounts'
import { isOver, owes } from '@/words/registrations'
import { matches } from '@/words/sittings'
import type { Registration, Sitting } from '@/api'

describe('days are Shanghai’s, whatever the phone thinks', () => {
  it.each([
    [dayText('2026-04-25'), '2026年4月25日（周六）'],
    [shortDay('2026-11-08'), '11月8日（周日）'],
    [windowText({ first: '2026-02-23', last: '2026-03-22' }), '2026年2月23日至3月22日'],
    [windowText({ first: '2026-12-28', last: '2027-01-05' }), '2026年12月28日至2027年1月5日'],
    [windowText({ first: '2026-04-25', last: '2026-04-25' }), '2026年4月25日（周六）'],
    [plainDay('1990-05-07'), '1990年5月7日'],
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

describe('telephone numbers in running text', () => {
  it.each([
    ['咨询上海市技师协会021-62418668', ['021-62418668']],
    ['电话（021）62411384转207，或400-820-9278。', ['（021）62411384', '400-820-9278']],
    ['请打13800000001', ['13800000001']],
    ['021-62418668', ['021-62418668']],
    ['021-34206252；021-62932810（工作日）', ['021-34206252', '021-62932810']],
    ['收款账号6222000011112222333', []],
    ['准考证号2602510001，申报号YP6J8VFC', []],
    ['2026-04-25至20260426，350元', []],
    ['证件999999199005170010', []],
    ['', []],
  ])('%s', (text, numbers) => {
    const pieces = cutAtTelephones(text)
    expect(pieces.filter((one) => one.number !== '').map((one) => one.text)).toEqual(numbers)
    expect(pieces.map((one) => one.text).join('')).toBe(text)
  })

  it('each is dialled without its dashes and brackets', () => {
    expect(cutAtTelephones('（021）62411384或400-820-9278').map((one) => one.number)).toEqual(['02162411384', '', '4008209278'])
  })
})

describe('a sitting is found by words of its occupation, level and institution', () => {
  const sitting = { occupation: '企业人力资源管理师', level_name: '四级/中级工', institution: '上海市技师协会' } as Sitting
  it.each([
    ['', true],
    ['  ', true],
    ['人力资源', true],
    ['人力 四级', true],
    ['人力资源4级', true],
    ['人力资源四级', true],
    ['中级', true],
    ['技师协会', true],
    ['人力三级', false],
    ['保育', false],
  ])('“%s”: %s', (wish, found) => expect(matches(sitting, wish)).toBe(found))
})

it('a text’s bytes are UTF-8, or a picture with a Chinese label would be none', () => {
  expect([...utf8('a二')]).toEqual([0x61, 0xe4, 0xba, 0x8c])
})

it.each([
  [300, 400, ''],
  [299, 400, '照片太小'],
  [413, 399, '照片太小'],
])('a portrait of %i by %i', (width, height, fault) => {
  expect(portraitFault(width, height).slice(0, 4)).toBe(fault)
  if (fault !== '') expect(portraitFault(width, height)).toContain('请')
})

describe('what a page shows of a registration', () => {
  const one = (status: string, waiting = false): Registration => ({ status, waiting }) as never

  it.each([
    ['rejected', true],
    ['withdrawn', true],
    ['expired', true],
    ['paid', false],
    ['concluded', false],
  ])('%s: may one apply anew? %s', (status, over) => expect(isOver(one(status))).toBe(over))

  it('the days of payment are for those who have not paid and have a sitting to pay for', () => {
    expect(['submitted', 'approved', 'paid', 'withdrawn'].map((status) => owes(one(status)))).toEqual([true, true, false, false])
    expect([owes(one('approved')), owes(one('approved', true))]).toEqual([true, false])
  })
})

it.each([
  ['6222000011112222333', '6222 0000 1111 2222 333'],
  ['1234', '1234'],
  ['某某银行123456789012', '某某银行123456789012'],
])('%s is read as %s', (text, shown) => expect(inFours(text)).toBe(shown))

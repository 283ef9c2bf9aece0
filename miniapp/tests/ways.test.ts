/** From page to page: one tap opens one page, and no address leads nowhere. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import './phone'
import { beforeEach, expect, it, vi } from 'vitest'
import { go, replace, wanted } from '@/state/ways'

interface Asked {
  url: string
  fail?: () => void
  success?: () => void
}
let calls: [string, string][] = []
let last: Asked = { url: '' }
let pages: { route: string; $page: { fullPath: string } }[] = []
const noted = (name: string) => (asked: Asked) => {
  calls.push([name, asked.url])
  last = asked
}

beforeEach(() => {
  vi.useFakeTimers()
  last.success?.()
  vi.runAllTimers() // whatever was being opened is given up
  calls = []
  pages = [{ route: 'pages/sittings/index', $page: { fullPath: '/pages/sittings/index' } }]
  vi.stubGlobal('getCurrentPages', () => pages)
  Object.assign(uni, { navigateTo: noted('navigateTo'), redirectTo: noted('redirectTo'), switchTab: noted('switchTab') })
})

it('each page of pages.json can be gone on to', () => {
  const listed = readFileSync(fileURLToPath(new URL('../src/pages.json', import.meta.url)), 'utf-8')
  const urls = (JSON.parse(listed) as { pages: { path: string }[] }).pages.map((one) => `/${one.path}`)
  expect(urls.map((one) => wanted(one))).toEqual(urls)
})

it('a second tap while a page is being opened opens nothing', () => {
  go('/pages/sitting/index?id=1')
  go('/pages/sitting/index?id=1')
  go('/pages/contact/index')
  expect(calls).toEqual([['navigateTo', '/pages/sitting/index?id=1']])
  last.success?.()
  vi.advanceTimersByTime(1_000)
  go('/pages/contact/index')
  expect(calls, 'a browser still fetches it').toHaveLength(1)
  pages.push({ route: 'pages/sitting/index', $page: { fullPath: '/pages/sitting/index?id=1' } })
  vi.advanceTimersByTime(100)
  go('/pages/contact/index')
  expect(calls).toHaveLength(2)
})

it('a page that never comes bars nobody for ever', () => {
  go('/pages/sitting/index?id=1')
  last.success?.()
  vi.advanceTimersByTime(6_000)
  go('/pages/contact/index')
  expect(calls).toHaveLength(2)
})

it('a page is not opened on top of itself', () => {
  pages.push({ route: 'pages/sign-in/index', $page: { fullPath: '/pages/sign-in/index?then=/pages/me/index' } })
  go('/pages/sign-in/index?then=%2Fpages%2Fme%2Findex')
  expect(calls).toEqual([])
})

it('where no more pages may be opened the one on top gives way, and where that fails too the first page is there', () => {
  go('/pages/contact/index')
  last.fail?.()
  expect(calls[1]).toEqual(['redirectTo', '/pages/contact/index'])
  last.fail?.()
  expect(calls[2]).toEqual(['switchTab', '/pages/sittings/index'])
  go('/pages/contact/index')
})

it('a page that is not there is the first page', () => {
  replace('/pages/nowhere/index')
  last.fail?.()
  expect(calls.at(-1)).toEqual(['switchTab', '/pages/sittings/index'])
})

it.each([
  ['/pages/ticket/index?number=A', '/pages/ticket/index?number=A'],
  ['%2Fpages%2Fticket%2Findex%3Fnumber%3DA', '/pages/ticket/index?number=A'],
  ['/pages/me/index', '/pages/me/index'],
  ['%', ''],
  ['/pages/../index', ''],
  ['https://example.com/pages/me/index', ''],
  ['//example.com', ''],
  ['constructor', ''],
  [undefined, ''],
])('somewhere to go on to, as an address names it: %s', (then, url) => {
  expect(wanted(then)).toBe(url)
})

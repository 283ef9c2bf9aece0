/** What WeChat's reviewers and its phones ask of the mini-program's package. Looks at what is there; build it first. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spokenRoles } from '../tools/spoken-roles'

const BUILT = 'dist/build/mp-weixin'
/** The calls of WeChat that touch somebody's data: each stands in the guide's table of what is declared, docs/mini-program.md. */
const PRIVATE = {
  chooseImage: '照片',
  chooseMedia: '照片',
  getPhoneNumber: '手机号',
  saveImageToPhotosAlbum: '相册（仅写入）',
  setClipboardData: '剪切板（写入）',
  getLocation: '',
  chooseLocation: '',
  chooseAddress: '',
  getUserProfile: '',
  getUserInfo: '',
  startRecord: '',
  getRecorderManager: '',
  addPhoneContact: '',
  addPhoneCalendar: '',
  chooseMessageFile: '',
  openBluetoothAdapter: '',
  getClipboardData: '',
  scanCode: '',
  createCameraContext: '',
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name)
    return one.isDirectory() ? files(path) : [path]
  })
}
const scripts = () => files(BUILT).filter((path) => /\.(js|wxs)$/.test(path))
const read = (path: string) => readFileSync(path, 'utf-8')
const json = (name: string) => JSON.parse(read(join(BUILT, name)))

describe.skipIf(!existsSync(BUILT))('the package for WeChat', () => {
  it('holds each page whole, and the first is the one that needs no sign-in', () => {
    const app = json('app.json')
    const wanted = JSON.parse(read('src/pages.json')).pages.map((one: { path: string }) => one.path)
    expect(app.pages).toEqual(wanted)
    expect(app.pages[0]).toBe('pages/sittings/index')
    for (const page of app.pages)
      for (const ending of ['js', 'json', 'wxml']) expect(existsSync(join(BUILT, `${page}.${ending}`)), page).toBe(true)
  })

  it('asks before it touches what is private, and for no place', () => {
    const app = json('app.json')
    expect(app.__usePrivacyCheck__).toBe(true)
    expect(app.requiredPrivateInfos).toBeUndefined()
    expect(app.permission).toBeUndefined()
    expect(app.requiredBackgroundModes).toBeUndefined()
  })

  it('touches only what the guide declares', () => {
    const guide = read('../docs/mini-program.md')
    const all = files(BUILT).filter((path) => /\.(js|wxml)$/.test(path) && !path.includes('vendor')).map(read).join('\n')
    const used = Object.entries(PRIVATE).filter(([name]) => new RegExp(`\\b(?:index|uni|wx)\\.${name}\\(|"${name}"`).test(all))
    expect(used.length).toBeGreaterThan(2)
    for (const [name, declared] of used) {
      expect(declared, `${name} is declared nowhere`).not.toBe('')
      expect(guide, name).toContain(`\`wx.${name}\``.replace('wx.getPhoneNumber', 'getPhoneNumber'))
      expect(guide).toContain(declared)
    }
  })

  it('runs nothing that came as text', () => {
    for (const path of scripts()) expect(read(path), path).not.toMatch(/\beval\s*\(|\bnew\s+Function\b|(?<![.\w])Function\s*\(\s*["'`]/)
  })

  it('lets a search find the pages that are open to all, and no other', () => {
    const { rules } = json(json('app.json').sitemapLocation)
    expect(rules.filter((one: { action: string }) => one.action === 'allow').map((one: { page: string }) => one.page)).toEqual([
      'pages/sittings/index',
      'pages/contact/index',
    ])
    expect(rules.at(-1)).toEqual({ action: 'disallow', page: '*' })
  })

  it('tells a screen reader in WeChat’s own words what each thing is', () => {
    const templates = files(BUILT).filter((path) => path.endsWith('.wxml')).map(read)
    const said = templates.flatMap((text) => [...text.matchAll(/\saria-role="([^"]*)"/g)].map((found) => found[1] ?? ''))
    expect(new Set(said)).toEqual(new Set([...said, 'button', 'heading', 'alert', 'img', 'tab']))
    expect(said.some((one) => one.startsWith('{{')), 'one that changes, as of a note').toBe(true)
    for (const text of templates) expect(text).not.toMatch(/\srole=/)
  })

  it('names nothing twice in one element, of which WeChat would take one', () => {
    for (const path of files(BUILT).filter((one) => one.endsWith('.wxml')))
      for (const [tag] of read(path).matchAll(/<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>/g)) {
        const names = [...tag.replace(/"[^"]*"/g, '""').matchAll(/\s([\w:-]+)=/g)].map((found) => found[1])
        expect(names.filter((name, place) => names.indexOf(name) !== place), `${path}: ${tag}`).toEqual([])
      }
  })

  it('speaks to one host, the one that it was built for', () => {
    const bases = scripts().flatMap((path) => [...read(path).matchAll(/https?:\/\/[a-z0-9.-]+(?::\d+)?/gi)].map((found) => found[0]))
    expect(new Set(bases.filter((one) => !one.includes('www.w3.org'))).size).toBeLessThanOrEqual(1)
  })

  it('is under 1.5 MB: no file alone over 200 kB, pictures and fonts included', () => {
    const sizes = files(BUILT).map((path) => statSync(path).size)
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBeLessThan(1.5 * 1024 * 1024)
    expect(Math.max(...sizes)).toBeLessThan(200_000)
  })
})

describe('the roles for WeChat', () => {
  it('are renamed where they stand, fixed or bound, and nothing else is', () => {
    expect(spokenRoles('<view class="role" role="button" aria-label="a role=b > c" data-role="x"><text role="{{a}}">role="x"</text></view>')).toBe(
      '<view class="role" aria-role="button" aria-label="a role=b > c" data-role="x"><text aria-role="{{a}}">role="x"</text></view>',
    )
  })
})

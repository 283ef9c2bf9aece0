/** What is built speaks to nobody but the institution's own server, and is small. Looks at what is there; build first. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cutScript, cutStyle, decoded } from '../tools/cut-vendor-calls'

const H5 = 'dist/build/h5'
const WECHAT = 'dist/build/mp-weixin'
/** Names of languages, which no program ever fetches. */
const NAMES = new Set(['www.w3.org'])

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name)
    return one.isDirectory() ? files(path) : [path]
  })
}

function texts(folder: string): [string, string][] {
  return files(folder)
    .filter((path) => /\.(js|json|css|wxss|wxml|html|wxs)$/.test(path))
    .map((path) => [path, readFileSync(path, 'utf-8')])
}

function hosts(text: string): string[] {
  const plain = [...text.matchAll(/(?:https?:)?\/\/((?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w-])/gi)].map((found) => found[1] ?? '')
  const hidden = [...text.matchAll(/fromCharCode\((\d+(?:,\d+){3,})\)/g)].map((found) => decoded(found[1] ?? ''))
  return [...plain, ...hidden.filter((one) => one.includes('.'))].filter((one) => !NAMES.has(one))
}

for (const folder of [H5, WECHAT]) {
  describe.skipIf(!existsSync(folder))(folder, () => {
    it('names no foreign host, in plain or in disguise', () => {
      expect(texts(folder).flatMap(([path, text]) => hosts(text).map((host) => `${path}: ${host}`))).toEqual([])
    })

    it('preloads nothing by itself', () => {
      expect(texts(folder).filter(([, text]) => /\.preloadAssets\s*\(\s*\{/.test(text))).toEqual([])
    })
  })
}

describe.skipIf(!existsSync(H5))('the first page in a browser', () => {
  it('is under 200 kB as it is sent', () => {
    const index = readFileSync(join(H5, 'index.html'), 'utf-8')
    const named = [...index.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map((found) => found[1] ?? '')
    const page = files(join(H5, 'assets')).filter((path) => /pages-sittings|PageFrame|SittingCard|\.css$/.test(path))
    const all = new Set([join(H5, 'index.html'), ...named.map((name) => join(H5, name)), ...page])
    const bytes = [...all].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0)
    expect(named.length).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(200_000)
  })
})

describe.skipIf(!existsSync(WECHAT))('the mini-program', () => {
  it('is under 2 MB, WeChat’s limit for a main package', () => {
    const bytes = files(WECHAT).reduce((sum, path) => sum + statSync(path).size, 0)
    expect(bytes).toBeLessThan(2 * 1024 * 1024)
  })
})

describe('the cutting', () => {
  it('takes the hidden host and the call', () => {
    const code = 'const e=String.fromCharCode(99,100,110,46,97,46,99,110);wx.preloadAssets({data:[{type:"image",src:"https://"+e}]})'
    expect(cutScript(code)).toBe('const e="";void 0')
  })

  it('leaves other characters alone', () => {
    expect(cutScript('String.fromCharCode(97,98)')).toBe('String.fromCharCode(97,98)')
  })

  it('takes pictures and fonts of other hosts, and puts a font of our own where there is one', () => {
    const css = 'a{background-image:url(https://x.cn/img/shadow-grey.png)}@font-face{font-family:f;src:url(https://x.cn/f.ttf)}'
    expect(cutStyle(css, () => '')).toBe('a{background-image:none}')
    expect(cutStyle(css, () => 'data:x')).toContain('src:url(data:x)')
  })
})

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
/** The server that a mini-program was built for; the one of `.env` stands for an address that nobody has. */
const own = () => /API_BASE="https?:\/\/([^"]*)"/.exec(readFileSync(join(WECHAT, 'platform.js'), 'utf-8'))?.[1] ?? ''

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
      const foreign = (text: string) => hosts(text).filter((host) => folder === H5 || host !== own())
      expect(texts(folder).flatMap(([path, text]) => foreign(text).map((host) => `${path}: ${host}`))).toEqual([])
    })

    it('preloads nothing by itself', () => {
      expect(texts(folder).filter(([, text]) => /\.preloadAssets\s*\(\s*\{/.test(text))).toEqual([])
    })
  })
}

/** What a browser fetches for these: the scripts that they bring in, those that come with them, and styles; from `dist/build/h5`. */
function broughtBy(starts: string[]): string[] {
  const found = new Set<string>()
  const open = [...starts]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    if (name.endsWith('.js')) open.push(...imports(readFileSync(join(H5, name), 'utf-8')).map((one) => `assets/${one}`))
  }
  return [...found].sort()
}

/** The files that a built script imports at once; what it would import later, on a tap, is not among them. */
function imports(code: string): string[] {
  return [...code.matchAll(/(?:\bimport|\bfrom)\s*"\.\/([\w.-]+\.js)"/g)].map((found) => found[1] ?? '')
}

/** What the first page is made of: what the index names, and the page of the sittings with the scripts and styles fetched beside it. */
function firstPage(): string[] {
  const index = readFileSync(join(H5, 'index.html'), 'utf-8')
  const named = [...index.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map((found) => found[1] ?? '')
  const entry = readFileSync(join(H5, named.find((name) => name.endsWith('.js')) ?? ''), 'utf-8')
  const files = [...(/viteFileDeps\s*=\s*\[([^\]]*)\]/.exec(entry)?.[1] ?? '').matchAll(/"\.\/([^"]+)"/g)].map((found) => found[1])
  const page = /import\("\.\/(pages-sittings-index[\w.-]+\.js)"\),__vite__mapDeps\(\[([\d,]+)\]\)/.exec(entry)
  const beside = (page?.[2] ?? '').split(',').map((place) => `assets/${files[Number(place)]}`)
  return broughtBy([...named, `assets/${page?.[1]}`, ...beside])
}

describe.skipIf(!existsSync(H5))('the first page in a browser', () => {
  it('follows what a script imports, and not what it may import on a tap', () => {
    const code = 'import{a as e}from"./one.A-1_.js";import"./two.js";export{b}from"./three.js";const p=()=>import("./later.js");'
    expect(imports(code)).toEqual(['one.A-1_.js', 'two.js', 'three.js'])
  })

  it('is under 200 kB as it is sent, with all that it brings in', () => {
    const all = firstPage()
    const bytes = ['index.html', ...all].reduce((sum, name) => sum + gzipSync(readFileSync(join(H5, name))).length, 0)
    for (const part of ['index-', 'pages-sittings-index', 'PageFrame', 'FoldBox', 'loaded', 'client']) expect(all.join(), part).toContain(part)
    expect(all.some((name) => name.endsWith('.css'))).toBe(true)
    expect(bytes).toBeLessThan(200_000)
  })
})

describe.skipIf(!existsSync(H5))('the worker that keeps the pages', () => {
  const worker = () => readFileSync(join(H5, 'sw.js'), 'utf-8')
  const kept = () => [...new Set([...worker().matchAll(/assets\/[\w.-]+\.(?:js|css)/g)].map((found) => found[0]))]

  it('keeps files that are there, the ticket’s page and all that the index names among them', () => {
    const index = readFileSync(join(H5, 'index.html'), 'utf-8')
    const named = [...index.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map((found) => found[1] ?? '')
    for (const name of kept()) expect(existsSync(join(H5, name)), name).toBe(true)
    expect(kept()).toEqual(expect.arrayContaining(named))
    expect(kept().filter((name) => name.includes('pages-ticket-index'))).toHaveLength(1)
  })

  it('costs little beside what the first page brings anyway', () => {
    const index = readFileSync(join(H5, 'index.html'), 'utf-8')
    const more = kept().filter((name) => !index.includes(name) && !name.includes('pages-sittings'))
    const bytes = more.reduce((sum, name) => sum + gzipSync(readFileSync(join(H5, name))).length, 0)
    expect(more.length).toBeGreaterThan(0)
    expect(bytes + gzipSync(worker()).length).toBeLessThan(40_000)
  })

  it('is its own whole: it brings nothing in, and no sign is left where a name was to stand', () => {
    expect(worker()).not.toMatch(/importScripts|\bimport\b|__[A-Z]+__/)
  })
})

describe.skipIf(!existsSync(WECHAT))('the mini-program', () => {
  it('has no worker', () => {
    expect(texts(WECHAT).filter(([path, text]) => path.endsWith('sw.js') || text.includes('serviceWorker'))).toEqual([])
  })

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

/**
 * A built mini-program on a page of a browser: WeChat's open component framework draws it, and `wx` is ours, over real HTTP.
 * A simulation for tests, not WeChat: what it shows may differ there, and what it allows may be forbidden there.
 *
 * A driver gives three functions before this is loaded: `wxLogin()`, which answers with a code, `wxPhone()`, which answers with
 * a code or with why there is none, and `wxSubscribe(ids)`, which answers with what was tapped in the dialogue. It answers
 * confirm() as the person answers a dialogue of WeChat's. What was asked of the phone is in `window.ASKED`.
 */
import * as easel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'

const { PACKED, TEMPLATES } = window
const app = PACKED.configs.app
const asked = (window.ASKED = [])
const faults = (window.FAULTS = [])
addEventListener('error', (event) => faults.push(String(event.message)))
// What breaks in a page the kit catches and writes out.
const written = console.error
console.error = (...words) => {
  faults.push(words.map((one) => String(one?.stack ?? one)).join(' '))
  written(...words)
}
addEventListener('unhandledrejection', (event) => faults.push(String(event.reason?.stack ?? event.reason)))

// --- a tap: WeChat opens some dialogues only on its heels. Here: at once, and before anything was asked of a server.

let tapped = -Infinity
for (const kind of ['touchend', 'mouseup']) addEventListener(kind, () => (tapped = performance.now()), { capture: true })
const onTheHeels = () => performance.now() - tapped < 300

// --- wx

const files = new Map()
let numbers = 0
const keep = (blob) => {
  const path = URL.createObjectURL(blob)
  files.set(path, blob)
  return path
}
const blobOf = async (path) => files.get(path) ?? (await fetch(path)).blob()

/** An asynchronous call of wx: tells success or fail, then complete. */
function call(name, deed) {
  return (options = {}) => {
    const noted = { name, options: plain(options), refused: '' }
    asked.push(noted)
    if (name === 'request') tapped = -Infinity
    const told = Promise.resolve().then(() => deed(options))
    told.then(
      (value) => {
        const result = { errMsg: `${name}:ok`, ...value }
        options.success?.(result)
        options.complete?.(result)
      },
      (thrown) => {
        noted.refused = String(thrown?.message ?? thrown)
        const result = { errMsg: `${name}:fail ${noted.refused}` }
        options.fail?.(result)
        options.complete?.(result)
      },
    )
  }
}

function plain(options) {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value)),
  )
}

async function request({ url, method = 'GET', header = {}, data, timeout = 60_000 }) {
  const body = data === undefined || method === 'GET' ? undefined : typeof data === 'string' ? data : JSON.stringify(data)
  const answer = await fetch(url, { method, headers: header, body, signal: AbortSignal.timeout(timeout) })
  const text = await answer.text()
  let read = text
  try {
    read = JSON.parse(text)
  } catch {
    /* not JSON: the text itself, as in WeChat */
  }
  return { statusCode: answer.status, data: read, header: Object.fromEntries(answer.headers) }
}

async function uploadFile({ url, filePath, name, formData = {}, header = {} }) {
  const form = new FormData()
  for (const [key, value] of Object.entries(formData)) form.append(key, value)
  form.append(name, await blobOf(filePath), 'file')
  const answer = await fetch(url, { method: 'POST', headers: header, body: form })
  return { statusCode: answer.status, data: await answer.text() }
}

async function downloadFile({ url, header = {} }) {
  const answer = await fetch(url, { headers: header })
  return { statusCode: answer.status, tempFilePath: keep(await answer.blob()) }
}

async function imageInfo({ src }) {
  const picture = await createImageBitmap(await blobOf(src))
  return { width: picture.width, height: picture.height, path: src, type: 'jpeg', orientation: 'up' }
}

const screen = () => ({
  windowWidth: innerWidth,
  windowHeight: innerHeight,
  screenWidth: innerWidth,
  screenHeight: innerHeight,
  pixelRatio: devicePixelRatio,
  statusBarHeight: 0,
  safeArea: { top: 0, left: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight },
  safeAreaInsets: { top: 0, left: 0, right: 0, bottom: 0 },
})
const device = () => ({
  brand: 'simulation',
  model: 'simulation',
  platform: 'simulation',
  system: 'simulation 1',
  language: 'zh_CN',
  version: '8.0.50',
  SDKVersion: '3.5.0',
  theme: 'light',
  host: { env: 'WeChat' },
})

function storage(key) {
  const kept = localStorage.getItem(key)
  return kept === null ? '' : JSON.parse(kept)
}

const nothing = () => undefined
const resized = new Map()
window.wx = {
  getWindowInfo: screen,
  getDeviceInfo: device,
  getAppBaseInfo: device,
  getSystemInfoSync: () => ({ ...screen(), ...device() }),
  getSystemInfo: call('getSystemInfo', () => ({ ...screen(), ...device() })),
  getSystemSetting: () => ({}),
  getLaunchOptionsSync: () => ({ path: app.pages[0], query: {}, scene: 1001 }),
  getEnterOptionsSync: () => ({ path: app.pages[0], query: {}, scene: 1001 }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'simulation', envVersion: 'develop' } }),
  canIUse: () => true,
  onAppShow: nothing,
  onAppHide: nothing,
  onThemeChange: nothing,
  offThemeChange: nothing,
  onNetworkStatusChange: nothing,
  getNetworkType: call('getNetworkType', () => ({ networkType: 'wifi' })),

  arrayBufferToBase64: (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))),
  getStorageSync: storage,
  setStorageSync: (key, value) => localStorage.setItem(key, JSON.stringify(value)),
  setStorage: call('setStorage', ({ key, data }) => localStorage.setItem(key, JSON.stringify(data))),
  removeStorageSync: (key) => localStorage.removeItem(key),
  clearStorageSync: () => localStorage.clear(),
  getStorageInfoSync: () => ({ keys: Object.keys(localStorage), currentSize: 0, limitSize: 10240 }),

  request: call('request', request),
  uploadFile: call('uploadFile', uploadFile),
  downloadFile: call('downloadFile', downloadFile),

  login: call('login', async () => ({ code: await window.wxLogin() })),
  checkSession: call('checkSession', nothing),
  requestSubscribeMessage(options) {
    const allowed = onTheHeels()
    return call('requestSubscribeMessage', async ({ tmplIds }) => {
      if (!allowed) throw new Error('can only be invoked by user TAP gesture.')
      if (tmplIds.length > 3) throw new Error('more than 3 templates')
      return window.wxSubscribe(tmplIds)
    })(options)
  },

  navigateTo: call('navigateTo', ({ url }) => {
    if (stack.length >= 10) throw new Error('webview count limit exceed')
    open(url)
  }),
  redirectTo: call('redirectTo', ({ url }) => {
    close()
    open(url)
  }),
  navigateBack: call('navigateBack', ({ delta = 1 } = {}) => {
    for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) close()
    shown()
  }),
  switchTab: call('switchTab', ({ url }) => {
    while (stack.length > 0) close()
    open(url)
  }),
  reLaunch: call('reLaunch', ({ url }) => {
    while (stack.length > 0) close()
    open(url)
  }),
  setNavigationBarTitle: call('setNavigationBarTitle', ({ title }) => void (heading.textContent = title)),
  setNavigationBarColor: call('setNavigationBarColor', nothing),
  pageScrollTo: call('pageScrollTo', ({ scrollTop, selector }) =>
    selector === undefined ? scrollTo(0, scrollTop ?? 0) : document.querySelector(`main:not([hidden]) ${selector}`)?.scrollIntoView(),
  ),
  stopPullDownRefresh: call('stopPullDownRefresh', nothing),
  onWindowResize: (told) => {
    const heard = () => told({ size: screen() })
    resized.set(told, heard)
    addEventListener('resize', heard)
  },
  offWindowResize: (told) => removeEventListener('resize', resized.get(told)),

  showModal: call('showModal', ({ title = '', content = '', editable = false, confirmText = '确定', cancelText = '取消' }) => {
    for (const [name, text] of Object.entries({ confirmText, cancelText }))
      if ([...text].length > 4) throw new Error(`${name} length should not larger than 4 Chinese characters`)
    if (editable) return { confirm: true, cancel: false, content: prompt(`${title}\n${content}`) ?? '' }
    const confirmed = confirm(`${title}\n${content}`)
    return { confirm: confirmed, cancel: !confirmed }
  }),
  showToast: call('showToast', ({ title }) => {
    toast.textContent = title
    toast.hidden = false
    setTimeout(() => (toast.hidden = true), 1500)
  }),
  hideToast: call('hideToast', () => void (toast.hidden = true)),
  showLoading: call('showLoading', nothing),
  hideLoading: call('hideLoading', nothing),
  showActionSheet: call('showActionSheet', ({ itemList }) => ({
    tapIndex: Number(prompt(itemList.map((one, place) => `${place} ${one}`).join('\n')) ?? 0),
  })),
  makePhoneCall: call('makePhoneCall', nothing),
  setClipboardData: call('setClipboardData', ({ data }) => void (window.CLIPBOARD = data)),
  previewImage: call('previewImage', nothing),
  openDocument: call('openDocument', nothing),
  saveImageToPhotosAlbum: call('saveImageToPhotosAlbum', nothing),
  setKeepScreenOn: call('setKeepScreenOn', nothing),
  setScreenBrightness: call('setScreenBrightness', nothing),
  getScreenBrightness: call('getScreenBrightness', () => ({ value: 0.5 })),

  chooseImage: call('chooseImage', async () => {
    const blob = await picked()
    return { tempFilePaths: [keep(blob)], tempFiles: [{ path: '', size: blob.size }] }
  }),
  chooseMedia: call('chooseMedia', async () => {
    const blob = await picked()
    return { type: 'image', tempFiles: [{ tempFilePath: keep(blob), size: blob.size, fileType: 'image' }] }
  }),
  openSetting: call('openSetting', () => ({ authSetting: {} })),
  getImageInfo: call('getImageInfo', imageInfo),
  compressImage: call('compressImage', ({ src }) => ({ tempFilePath: src })),
  canvasToTempFilePath(options, component) {
    return call('canvasToTempFilePath', async ({ canvas, canvasId, x = 0, y = 0, width, height, destWidth, destHeight, fileType = 'png', quality = 1 }) => {
      const drawn = canvas ?? byId(canvasId)
      const copy = document.createElement('canvas')
      const [wide, high] = [width ?? drawn.width, height ?? drawn.height]
      copy.width = destWidth ?? wide
      copy.height = destHeight ?? high
      copy.getContext('2d').drawImage(drawn, x, y, wide, high, 0, 0, copy.width, copy.height)
      const blob = await new Promise((resolve) => copy.toBlob(resolve, fileType === 'png' ? 'image/png' : 'image/jpeg', quality))
      return { tempFilePath: keep(blob) }
    })(options, component)
  },
  createSelectorQuery: query,
  createCanvasContext: oldCanvas,
  getFileSystemManager: () => fileSystem,
  env: { USER_DATA_PATH: 'wxfile://usr' },
  arrayBufferToBase64: (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))),
  base64ToArrayBuffer: (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer,
  nextTick: (deed) => setTimeout(deed, 0),
  reportAnalytics: nothing,
}

/** Files that outlive the page, in storage as data URLs: small ones, for tests. */
const fileSystem = {
  saveFile: call('saveFile', async ({ tempFilePath, filePath }) => {
    const blob = await blobOf(tempFilePath)
    const path = filePath ?? `wxfile://usr/${(numbers += 1)}`
    files.set(path, blob)
    return { savedFilePath: path }
  }),
  unlink: call('unlink', ({ filePath }) => void files.delete(filePath)),
  access: call('access', ({ path }) => {
    if (!files.has(path)) throw new Error('no such file')
  }),
  readFile: call('readFile', async ({ filePath, encoding }) => {
    const blob = await blobOf(filePath)
    return { data: encoding === undefined ? await blob.arrayBuffer() : await blob.text() }
  }),
  writeFile: call('writeFile', ({ filePath, data, encoding }) => {
    const bytes = encoding === 'base64' ? Uint8Array.from(atob(data), (one) => one.charCodeAt(0)) : data
    files.set(filePath, new Blob([bytes]))
  }),
}

/**
 * The picture that the driver laid out with `window.PICTURE`, a data URL; without one the chooser is closed again, and with
 * `window.REFUSED` WeChat does not open it, and says why in these words.
 */
async function picked() {
  if (window.REFUSED) throw new Error(window.REFUSED)
  if (!window.PICTURE) throw new Error('cancel')
  return (await fetch(window.PICTURE)).blob()
}

function query() {
  const wanted = []
  let within = null
  const made = {
    in(component) {
      within = component?.$scope ?? component
      return made
    },
    select: (selector) => chosen(selector, false),
    selectAll: (selector) => chosen(selector, true),
    selectViewport: () => chosen('body', false),
    exec(told) {
      const found = wanted.map(({ selector, all, fields, each }) => {
        const scope = within?._$?.getBackendElement?.() ?? within?.$$?.getBackendElement?.() ?? document
        const elements = [...scope.querySelectorAll(selector.replace(/#([\w-]+)/g, '[known-as="$1"]'))]
        const seen = elements.map((one) => measured(one, fields))
        const result = all ? seen : (seen[0] ?? null)
        each?.(result)
        return result
      })
      setTimeout(() => told?.(found), 0)
      return made
    },
  }
  function chosen(selector, all) {
    const one = { selector, all, fields: {}, each: null }
    wanted.push(one)
    const ask = (fields) => (each) => {
      Object.assign(one.fields, fields)
      one.each = each
      return made
    }
    return {
      fields: (fields, each) => ask(fields)(each),
      boundingClientRect: ask({ rect: true, size: true }),
      scrollOffset: ask({ scrollOffset: true }),
      node: ask({ node: true }),
    }
  }
  return made
}

const byId = (id) => document.querySelector(`[known-as="${id}"]`)

/** The canvas of older components: what is drawn is noted, and done at `draw`. */
function oldCanvas(id) {
  const steps = []
  const setters = { setFillStyle: 'fillStyle', setStrokeStyle: 'strokeStyle', setLineWidth: 'lineWidth', setLineCap: 'lineCap', setLineJoin: 'lineJoin' }
  const made = {
    async draw(_keep, then) {
      const sheet = byId(id)
      sheet.width = sheet.clientWidth
      sheet.height = sheet.clientHeight
      const pen = sheet.getContext('2d')
      for (const [name, given] of steps.splice(0)) {
        if (name === 'drawImage') pen.drawImage(await createImageBitmap(await blobOf(given[0])), ...given.slice(1))
        else if (setters[name] !== undefined) pen[setters[name]] = given[0]
        else pen[name](...given)
      }
      then?.()
    },
  }
  return new Proxy(made, {
    get: (held, name) => held[name] ?? ((...given) => void steps.push([name, given])),
    set: (_, name, value) => (steps.push([`set${name[0].toUpperCase()}${name.slice(1)}`, [value]]), true),
  })
}

function measured(element, fields) {
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect()
  return {
    ...(fields.rect ? { left, top, right, bottom } : {}),
    ...(fields.size ? { width, height } : {}),
    ...(fields.node ? { node: element } : {}),
    ...(fields.scrollOffset ? { scrollTop: scrollY, scrollLeft: scrollX } : {}),
    dataset: {},
  }
}

// --- what WeChat itself does when one of its own buttons is tapped

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[open-type="getPhoneNumber"]')
  if (button === null) return
  const { code, refused } = await window.wxPhone()
  const detail = refused ? { errMsg: `getPhoneNumber:fail ${refused}` } : { code, errMsg: 'getPhoneNumber:ok' }
  easel.triggerEvent(button.__wxElement, 'getphonenumber', detail, {})
})

// --- the program: modules, components, pages

window.global = window
const globals = { App: nothing, Page: nothing, Component: nothing, Behavior: (given) => given }
let theApp = null
globals.App = (options) => {
  theApp = options
}
window.App = (options) => globals.App(options)
window.Page = (options) => globals.Page(options)
window.Component = (options) => globals.Component(options)
window.Behavior = (options) => options
window.getApp = () => theApp
window.getCurrentPages = () => stack.map((one) => one.instance)

const modules = new Map()
function load(name) {
  const known = modules.get(name)
  if (known) return known.exports
  const code = PACKED.scripts[name]
  if (code === undefined) throw new Error(`no module ${name}`)
  const made = { exports: {} }
  modules.set(name, made)
  const beside = name.split('/').slice(0, -1)
  const run = new Function('require', 'module', 'exports', 'global', code) // the program's own code, as the build wrote it
  run((path) => load(joined(beside, path)), made, made.exports, window)
  return made.exports
}

function joined(beside, path) {
  const parts = [...beside]
  for (const part of path.replace(/\.js$/, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** An event as WeChat gives it to a handler: a plain thing. */
function told(event) {
  const target = (one) => ({ id: one?.id ?? '', dataset: { ...one?.dataset }, offsetLeft: 0, offsetTop: 0 })
  const { type, timeStamp = 0 } = event
  const made = { type, timeStamp, target: target(event.target), currentTarget: target(event.currentTarget), detail: event.detail ?? {} }
  const element = event.currentTarget?.$$ ?? event.currentTarget?._$?.$$
  if (type === 'input' || type === 'blur' || type === 'focus' || type === 'confirm') {
    if (element instanceof HTMLElement) made.detail = { value: element.value, cursor: element.value.length }
  }
  if (type.startsWith('touch')) {
    const at = (list) =>
      [...(list ?? [])].map((one) => {
        const { left, top } = element.getBoundingClientRect()
        return { identifier: one.identifier, pageX: one.pageX, pageY: one.pageY, clientX: one.clientX, clientY: one.clientY, x: one.clientX - left, y: one.clientY - top }
      })
    made.touches = at(event.detail.touches)
    made.changedTouches = at(event.detail.changedTouches)
  }
  return made
}

function withHandler(options) {
  const methods = { ...options.methods }
  methods.__ev = function (event) {
    const handler = event.currentTarget.dataset[`on${event.type[0].toUpperCase()}${event.type.slice(1).toLowerCase()}`]
    const deed = this[handler]
    if (typeof deed === 'function') return deed.call(this, event.mark?.plain ?? told(event))
  }
  // The framework leaves it to its host to say when a component has been drawn.
  const attached = options.lifetimes?.attached
  const lifetimes = {
    ...options.lifetimes,
    attached() {
      attached?.call(this)
      setTimeout(() => this._$.triggerLifetime('ready', []), 0)
    },
  }
  return { ...options, methods, lifetimes }
}

const env = new MiniProgramEnv()
const space = env.createCodeSpace('main', true)
for (const [name, config] of Object.entries(PACKED.configs))
  if (name !== 'app' && TEMPLATES[name] !== undefined) {
    // Styles lie open on one page here, as the build marks each with an attribute of its own.
    space.addComponentStaticConfig(name, { ...config, usingComponents: { picker: '/wheel', ...app.usingComponents, ...config.usingComponents }, styleIsolation: 'shared' })
    space.addCompiledTemplate(name, { groupList: TEMPLATES, content: TEMPLATES[name] })
  }

const sheet = document.createElement('style')
sheet.textContent = PACKED.styles
document.head.append(sheet)
const heading = document.querySelector('#title')
const backButton = document.querySelector('#back')
const stage = document.querySelector('#stage')
const tabs = document.querySelector('#tabs')
const toast = document.querySelector('#toast')

function define(name) {
  globals.Component = (options) => space.component(name).definition(withHandler(options)).register()
  load(name)
}
load('app')
space
  .component('wheel')
  .definition({ properties: { range: Array, rangeKey: String, mode: String, value: null, fields: String, start: String, end: String, disabled: Boolean } })
  .register()
for (const name of Object.keys(TEMPLATES)) if (name !== 'wheel') define(name)
theApp?.onLaunch?.({ path: app.pages[0], query: {}, scene: 1001 })
theApp?.onShow?.({ path: app.pages[0], query: {}, scene: 1001 })

const browser = new easel.CurrentWindowBackendContext()
browser.onEvent((target, type, detail, options) => {
  const event = new easel.Event(type, detail, options)
  easel.Event.dispatchEvent(target, event)
  return event.defaultPrevented() ? easel.EventBubbleStatus.NoDefault : easel.EventBubbleStatus.Normal
})
const backend = env.associateBackend(browser)
const stack = []

function open(url) {
  const [path, search = ''] = url.replace(/^\//, '').split('?')
  if (!app.pages.includes(path)) throw new Error(`page "${path}" is not found`)
  const below = stack[stack.length - 1]
  if (below) {
    below.instance.onHide?.()
    below.box.hidden = true
  }
  const box = document.createElement('main')
  const place = document.createElement('div')
  box.append(place)
  stage.append(box)
  const root = backend.createRoot('div', space, path)
  const instance = root.get()
  instance.route = path
  instance.is = path
  const query = Object.fromEntries(new URLSearchParams(search.replace(/\+/g, '%2B')))
  // WeChat gives a page its query as it was written.
  for (const part of search.split('&').filter(Boolean)) {
    const [key, value = ''] = part.split('=')
    query[key] = value
  }
  instance.options = query
  stack.push({ path, box, root, instance })
  root.attach(box, place)
  instance.onLoad?.(query)
  shown()
  instance.onReady?.()
  scrollTo(0, 0)
}

function close() {
  const top = stack.pop()
  top.instance.onUnload?.()
  top.root.release()
  top.box.remove()
}

function shown() {
  const top = stack[stack.length - 1]
  if (!top) return
  top.box.hidden = false
  heading.textContent = PACKED.configs[top.path].navigationBarTitleText ?? app.window.navigationBarTitleText
  backButton.hidden = stack.length < 2
  tabs.hidden = !app.tabBar.list.some((one) => one.pagePath === top.path)
  top.instance.onShow?.()
}

for (const one of app.tabBar.list) {
  const tab = document.createElement('button')
  tab.textContent = one.text
  tab.setAttribute('role', 'tab')
  tab.addEventListener('click', () => wx.switchTab({ url: `/${one.pagePath}` }))
  tabs.append(tab)
}
backButton.addEventListener('click', () => wx.navigateBack())

/** What a finger chooses from the wheel that WeChat shows: by its words, or a date. */
window.choose = (picker, wish) => {
  const node = picker.__wxElement
  const { range, rangeKey, mode } = node.data
  const list = range.map((one) => (rangeKey === '' ? one : one[rangeKey]))
  const value = mode === 'date' ? wish : list.indexOf(wish)
  if (value === -1) throw new Error(`“${wish}” is not among ${list.join('、')}`)
  easel.triggerEvent(node, 'change', { value }, {})
}

open(new URLSearchParams(location.search).get('path') ?? app.pages[0])
window.READY = true

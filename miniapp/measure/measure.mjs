/**
 * Lighthouse over the phone pages, on its phone profile (a middling phone, slow 4G, simulated).
 *
 *   node measure.mjs http://127.0.0.1:8000 '{"kept": {"sign-in": "…"}, "pages": ["pages/me/index"]}' [visit]
 *
 * `kept` is what the phone keeps in its storage, `pages` what is measured. Each page is visited first: it must load, and be the
 * one that is meant and not another that it leads to, as the sign-in. With `visit` that is all. `make lighthouse` starts all that
 * is needed.
 */
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import puppeteer from 'puppeteer-core'

const [, , base, given, only = ''] = process.argv
const { kept, pages } = JSON.parse(given)
const CATEGORIES = ['performance', 'accessibility', 'best-practices']
const LEAST = 95
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const FIRST = 'pages/sittings/index'
const LOADED = "() => document.querySelector('[role=main]') && !document.querySelector('.waiting')"

/** The page that an address shows; of the first page the kit leaves the name out. */
const shownAt = (address) => new URL(address).hash.replace(/^#\//, '').split('?')[0] || FIRST

/** Why what is shown is not the page that is meant; "" where it is. */
function astray(page, address) {
  const shown = shownAt(address)
  return shown === page.split('?')[0] ? '' : `it led to ${shown}`
}

async function visited(browser, page) {
  const tab = await browser.newPage()
  try {
    await tab.setViewport({ width: 412, height: 823, isMobile: true, hasTouch: true })
    await tab.goto(`${base}/m/#/${page}`)
    await tab.waitForFunction(LOADED, { timeout: 20_000 })
    const failure = await tab.evaluate(() => document.querySelector('.failed')?.textContent ?? '')
    return astray(page, tab.url()) || failure.trim()
  } catch (thrown) {
    return String(thrown.message)
  } finally {
    await tab.close()
  }
}

async function measured(page, port) {
  const { lhr } = await lighthouse(`${base}/m/#/${page}`, {
    port,
    onlyCategories: CATEGORIES,
    formFactor: 'mobile',
    disableStorageReset: true,
    logLevel: 'error',
  })
  const scores = CATEGORIES.map((one) => Math.round((lhr.categories[one].score ?? 0) * 100))
  console.log(`| ${page.split('?')[0]} | ${scores.join(' | ')} |`)
  for (const one of CATEGORIES)
    for (const { id, weight } of lhr.categories[one].auditRefs) {
      const { score, displayValue = '', details } = lhr.audits[id]
      if ((weight === 0 && id !== 'layout-shifts') || score === null || score >= 0.9) continue
      const where = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet?.slice(0, 200) ?? item.description ?? item.url ?? '')
      console.error(`  ${id} ${displayValue}: ${where.join(' ')}`)
    }
  const why = astray(page, lhr.finalDisplayedUrl)
  if (why) console.error(`  ${page}: ${why}`)
  return why ? 0 : Math.min(...scores)
}

const chrome = await launch({ chromePath: process.env.JIPING_CHROMIUM ?? '/usr/bin/chromium', chromeFlags: FLAGS })
let worst = 100
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null })
  const first = await browser.newPage()
  await first.goto(`${base}/m/`)
  await first.evaluate((all) => Object.entries(all).forEach(([key, value]) => localStorage.setItem(key, value)), kept)
  await first.close()
  for (const page of pages) {
    const why = await visited(browser, page)
    if (only) console.log(`${page}: ${why || 'it is there'}`)
    else if (why) console.error(`  ${page}: ${why}`)
    worst = Math.min(worst, why ? 0 : only ? 100 : await measured(page, chrome.port))
  }
  await browser.disconnect()
} finally {
  await chrome.kill()
}
process.exitCode = worst < LEAST ? 1 : 0

/**
 * Lighthouse over the phone pages, on its phone profile (a middling phone, slow 4G, simulated).
 *
 *   node measure.mjs http://127.0.0.1:8000 [sign-in token] [registration number] [sitting]
 *
 * With a token the pages of somebody who is signed in are measured too. `make lighthouse` starts all that is needed.
 */
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import puppeteer from 'puppeteer-core'

const [, , base, token = '', number = '', sitting = ''] = process.argv
const CATEGORIES = ['performance', 'accessibility', 'best-practices']
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const open = ['pages/sittings/index', 'pages/contact/index', 'pages/sign-in/index', ...(sitting ? [`pages/sitting/index?id=${sitting}`] : [])]
const own = ['pages/registrations/index', 'pages/me/index', 'pages/details/index', 'pages/notices/index']
const ofNumber = ['registration', 'form', 'pay'].map((page) => `pages/${page}/index?number=${number}`)

const chrome = await launch({ chromePath: process.env.JIPING_CHROMIUM ?? '/usr/bin/chromium', chromeFlags: FLAGS })
let worst = 100
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null })
  if (token !== '') {
    const page = await browser.newPage()
    await page.goto(`${base}/m/`)
    await page.evaluate((given) => localStorage.setItem('sign-in', given), token)
    await page.close()
  }
const pages = [...open, ...(token === '' ? [] : own), ...(number === '' ? [] : ofNumber)]
  console.log('| page | performance | accessibility | best practice |\n|---|---|---|---|')
  for (const page of pages) {
    const told = await lighthouse(`${base}/m/#/${page}`, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      formFactor: 'mobile',
      disableStorageReset: true,
      logLevel: 'error',
    })
    const { categories, audits } = told.lhr
    const scores = CATEGORIES.map((one) => Math.round((categories[one].score ?? 0) * 100))
    worst = Math.min(worst, ...scores)
    console.log(`| ${page.split('?')[0]} | ${scores.join(' | ')} |`)
    for (const one of CATEGORIES)
      for (const { id, weight } of categories[one].auditRefs)
        if ((weight > 0 || id === "layout-shifts") && audits[id].score !== null && audits[id].score < 0.9)
          console.error(`  ${id} ${audits[id].displayValue ?? ''}: ${(audits[id].details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet?.slice(0,200) ?? item.description ?? item.url ?? '').join(' ')}`)
  }
  await browser.disconnect()
} finally {
  await chrome.kill()
}
process.exitCode = worst < 95 ? 1 : 0

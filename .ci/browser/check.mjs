// Opens the pages of a folder in a headless Chromium, and fails if one of them is not what a page should be:
//
//   node check.mjs CHROMIUM PAGES SCREENSHOTS
//
// It then plants one fault after the other into a page, and fails if one is not found.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { HtmlValidate } from 'html-validate';
import puppeteer from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
// What Jenkins sends with the files of a build, unless its administrator relaxes it.
const JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";
// How pages are looked at: with their style sheet in both themes on a screen and a phone, and without it.
const LOOKS = [
  ...['light', 'dark'].flatMap((theme) => [1280, 390].map((width) => ({ policy: false, theme, width, where: `${theme} ${width}` }))),
  { policy: true, theme: 'light', width: 1280, where: 'light 1280 jenkins' },
  { policy: true, theme: 'light', width: 390, where: 'light 390 jenkins' },
  { policy: true, theme: 'dark', width: 1280, where: 'dark 1280 jenkins' },
];
const A4 = 794;
const MOST_BYTES = 300_000;
const LONGEST_MS = 1_000;
// What the person on call has to find, with a style sheet and without.
const ESSENTIAL = {
  success: ['succeeded', 'Serving now', 'the new version'],
  failure: ['failed', 'Changes', '(hidden)', 'Log lines', 'Serving now', 'Probable cause', 'out of memory', 'Next step', 'connecting to ***'],
  rollback: ['rollback', 'Alarms that fired', 'Serving now', 'the previous version', 'Probable cause', 'Next step'],
  stop: ['stopped', 'both versions', 'Serving now', 'Next step'],
  timeout: ['timed out', 'Serving now', 'Probable cause', 'Next step'],
  day: ['succeeded', 'Serving now', 'the new version'],
};

const [chromium, pages, shots] = process.argv.slice(2);
let files = 0;
const scratch = mkdtempSync(join(tmpdir(), 'browser-'));
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

/** Serves each text under the policy of Jenkins. */
async function jenkins() {
  const texts = [];
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Security-Policy': JENKINS, 'Content-Type': 'text/html' });
    response.end(texts[Number(request.url.slice(1))]);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  server.address_of = (text) => `http://127.0.0.1:${server.address().port}/${texts.push(text) - 1}`;
  return server;
}

/** The address of a page that is opened from a disk. */
function file(html) {
  const path = join(scratch, `${(files += 1)}.html`);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

/** Everything that is wrong with a page, one line each, and its figures. */
async function check(browser, server, name, html, looks, screenshots) {
  const faults = [];
  const figures = { bytes: Buffer.byteLength(html), ms: Infinity, unsure: 0 };
  if (figures.bytes >= MOST_BYTES) faults.push(`size: ${figures.bytes} bytes`);
  const report = await validator.validateString(html, `${name}.html`);
  for (const result of report.results) {
    for (const found of result.messages) faults.push(`html: ${found.line}:${found.column} ${found.ruleId}: ${found.message}`);
  }
  for (const one of looks) {
    const page = await browser.newPage();
    try {
      await look(page, server, name, html, one, figures, (text) => faults.push(`${text} (${one.where})`), screenshots);
    } finally {
      await page.close();
    }
  }
  // The fastest of all: a busy machine is not a fault of the page.
  if (figures.ms >= LONGEST_MS) faults.push(`slow: ${Math.round(figures.ms)} ms`);
  return { faults, figures };
}

async function look(page, server, name, html, { policy, theme, width, where }, figures, say, screenshots) {
  // What the policy refuses is reported as an error; it is meant to.
  page.on('console', (message) => {
    const refused = policy && /^Applying inline style violates .* Policy directive 'style-src 'self''/.test(message.text());
    if (['error', 'warn'].includes(message.type()) && !refused) say(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => say(`console: ${error.message}`));
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.setViewport({ width, height: 900, isMobile: width < 600, hasTouch: width < 600 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
  const address = policy ? server.address_of(html) : file(html);
  const begun = performance.now();
  await page.goto(address, { waitUntil: 'load' });
  const seen = await page.evaluate(() => ({
    text: document.body.innerText,
    inner: window.innerWidth,
    wide: document.documentElement.scrollWidth,
    charts: [...document.querySelectorAll('svg')].map((svg) => svg.getBoundingClientRect().height),
  }));
  figures.ms = Math.min(figures.ms, performance.now() - begun);
  // The browser asks a server for an icon by itself.
  for (const url of asked.slice(1).filter((url) => !url.endsWith('/favicon.ico'))) say(`request: ${url}`);
  for (const text of ESSENTIAL[name].filter((text) => !seen.text.includes(text))) say(`unreadable: ${text}`);
  if (seen.charts.length === 0 || seen.charts.some((height) => height < 100)) say('unreadable: the time axis');
  if (!policy && seen.wide > seen.inner) say(`scroll: ${seen.wide} px in ${seen.inner} px`);
  if (screenshots) {
    const height = Math.min(4_000, await page.evaluate(() => document.documentElement.scrollHeight));
    const path = join(screenshots, `${name}-${where.replaceAll(' ', '-')}.png`);
    await page.screenshot({ path, clip: { x: 0, y: 0, width, height }, captureBeyondViewport: true });
  }
  if (policy) {
    // The policy keeps axe from running; the page without its style sheet looks the same. Axe takes a page without a
    // background for white, in the dark as well.
    await page.goto(file(html.replace(/<style>[^]*<\/style>/, '')), { waitUntil: 'load' });
    await page.evaluate(() => { document.documentElement.style.background = 'Canvas'; });
  }
  await page.evaluate(AXE);
  const options = { runOnly: RULES, resultTypes: ['violations', 'incomplete'] };
  const axe = await page.evaluate((given) => globalThis.axe.run(document, given), options);
  for (const { id, help, nodes } of axe.violations) {
    say(`axe: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`);
  }
  figures.unsure = Math.max(figures.unsure, axe.incomplete.length);
  if (where === 'light 1280') await print(page, say);
}

/** On paper nothing can be scrolled. */
async function print(page, say) {
  await page.emulateMediaType('print');
  await page.setViewport({ width: A4, height: 1_123 });
  const cut = await page.evaluate(() => [...document.querySelectorAll('main, .wide, pre')].filter((box) => box.scrollWidth > box.clientWidth + 1).length);
  if (cut > 0) say(`print: ${cut} parts are cut off`);
  const pdf = await page.pdf({ format: 'A4' });
  if (!Buffer.from(pdf).subarray(0, 5).equals(Buffer.from('%PDF-'))) say('print: no PDF');
}

/** A fault, how it gets into a page, where it can be seen, and how its report begins. */
const PLANTED = [
  ['a text of low contrast', (html) => html.replace('<footer>', '<footer style="color: #aaa; background: #bbb">'), 'light 390', 'axe: color-contrast'],
  ['a text of low contrast in the dark', (html) => html.replace('</style>', 'h1.bad { color: #333 !important }</style>'), 'dark 1280', 'axe: color-contrast'],
  ['no language', (html) => html.replace(' lang="en"', ''), 'light 390 jenkins', 'axe: html-has-lang'],
  ['an element that is not closed', (html) => html.replace('</dl>', ''), 'light 390', 'html: '],
  ['an error on the console', (html) => html.replace('</head>', '<script>console.error("planted")</script></head>'), 'light 390', 'console: planted'],
  ['a picture from elsewhere', (html) => html.replace('<h1', '<img alt="x" src="http://127.0.0.1:9/x.png"><h1'), 'dark 1280', 'request: http://127.0.0.1:9/'],
  ['a wide element', (html) => html.replace('<h1', '<div style="width: 2000px">x</div><h1'), 'light 390', 'scroll: '],
  ['a text that only a style sheet shows', (html) => html.replace('<dl>', '<dl hidden>').replace('</style>', 'dl[hidden] { display: block }</style>'), 'light 1280 jenkins', 'unreadable: Serving now'],
  ['a table that is cut on paper', (html) => html.replace('</style>', '@media print { table { min-width: 2000px } .wide { overflow: hidden } }</style>'), 'light 1280', 'print: '],
  ['a large page', (html) => html.replace('</main>', `<p>${'x '.repeat(MOST_BYTES / 2)}</p></main>`), 'light 390', 'size: '],
];

/** Plants one fault after the other; the number of those that were not found. */
async function planted(browser, server, html) {
  let missed = 0;
  for (const [what, plant, where, expected] of PLANTED) {
    if (plant(html) === html) throw new Error(`not planted: ${what}`);
    const looks = LOOKS.filter((look) => look.where === where);
    const { faults } = await check(browser, server, 'failure', plant(html), looks);
    if (!faults.some((fault) => fault.startsWith(expected))) {
      console.error(`error: a planted fault was not found: ${what}; found: ${faults.join('; ') || 'nothing'}`);
      missed += 1;
    }
  }
  console.log(`${PLANTED.length - missed} of ${PLANTED.length} planted faults were found`);
  return missed;
}

/** A browser of its own for each page that is open: a tab behind another one is not drawn, and its screenshot is never taken. */
async function withBrowser(use) {
  const browser = await puppeteer.launch({
    executablePath: chromium,
    userDataDir: mkdtempSync(join(scratch, 'profile-')),
    protocolTimeout: 60_000,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

async function main() {
  const server = await jenkins();
  let failed = 0;
  try {
    const read = (name) => readFileSync(join(pages, `${name}.html`), 'utf8');
    mkdirSync(shots, { recursive: true });
    const names = readdirSync(pages).map((name) => name.replace(/\.html$/, '')).sort();
    if (names.join() !== Object.keys(ESSENTIAL).sort().join()) throw new Error(`the pages are ${names.join()}`);
    const worker = async (browser) => {
      for (let name = names.shift(); name; name = names.shift()) {
        const { faults, figures } = await check(browser, server, name, read(name), LOOKS, shots);
        console.log(`${name}: ${figures.bytes} bytes, opens in ${Math.round(figures.ms)} ms, ${faults.length} faults`);
        for (const fault of faults) console.error(`error: ${name}: ${fault}`);
        failed += faults.length;
      }
    };
    await Promise.all([withBrowser(worker), withBrowser(worker)]);
    failed += await withBrowser((browser) => planted(browser, server, read('failure')));
  } finally {
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  process.exit(failed > 0 ? 1 : 0);
}

await main();

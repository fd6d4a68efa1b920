// What holds on every page: accessible in light and dark, no sideways scroll, within the budgets.
import { gzipSync } from "node:zlib";
import { axeSource } from "./packages.mjs";

const WIDTHS = [320, 390, 1024, 1440];

/** Gzipped bytes; `design` names the reasons. */
export const BUDGETS = { html: 8 * 1024, css: 8 * 1024, script: 24 * 1024, total: 45 * 1024, requests: 5 };

/** The rules that this page breaks, in the light and in the dark. */
export async function unreadable(page) {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
      return result.violations.map((one) => ({ id: one.id, at: one.nodes.slice(0, 3).map((node) => node.html) }));
    });
    found.push(...violations.map((one) => `${colorScheme}: ${one.id} at ${one.at.join(" ").slice(0, 300)}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

/** The widths at which the page must be pushed sideways to be read. */
export async function tooWide(page) {
  const before = page.viewportSize();
  const found = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) found.push(`${over} px too wide at ${width}`);
  }
  await page.setViewportSize(before);
  return found;
}

/** Listens to what a fresh visitor's browser fetches for one page. */
export async function weigh(browser, cookies, address) {
  const context = await browser.newContext({ locale: "zh-CN" });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const parts = [];
  page.on("response", (response) => parts.push(part(response)));
  await page.goto(address, { waitUntil: "load" });
  const weighed = await Promise.all(parts);
  await context.close();
  return weighed.filter(Boolean);
}

async function part(response) {
  const type = response.request().resourceType();
  if (type === "eventsource" || response.status() >= 300) return null;
  const body = await response.body().catch(() => Buffer.alloc(0));
  return { type, bytes: gzipSync(body).length, url: response.url() };
}

/** The budgets that these parts break. */
export function overBudget(parts) {
  const of = (type) => parts.filter((one) => one.type === type).map((one) => one.bytes);
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const broken = [];
  if (sum(of("document")) > BUDGETS.html) broken.push(`HTML has ${sum(of("document"))} bytes`);
  if (sum(of("stylesheet")) > BUDGETS.css) broken.push(`CSS has ${sum(of("stylesheet"))} bytes`);
  if (Math.max(0, ...of("script")) > BUDGETS.script) broken.push(`a script has ${Math.max(...of("script"))} bytes`);
  if (sum(parts.map((one) => one.bytes)) > BUDGETS.total) broken.push(`${sum(parts.map((one) => one.bytes))} bytes in all`);
  if (parts.length > BUDGETS.requests) broken.push(`${parts.length} requests: ${parts.map((one) => one.url).join(" ")}`);
  return broken;
}

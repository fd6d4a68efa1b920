// What holds on every page: accessible in light and dark, no sideways scroll, within the budgets.
import { gzipSync } from "node:zlib";
import { axeSource } from "./packages.mjs";

const WIDTHS = [320, 390, 1024, 1440];
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Gzipped bytes; `design` names the reasons. */
export const BUDGETS = { html: 8 * 1024, css: 8 * 1024, script: 24 * 1024, total: 45 * 1024, requests: 5 };

/** The rules that this page breaks, in the light and in the dark, where nothing but the colours differs. */
export async function unreadable(page) {
  const found = [];
  await page.evaluate(axeSource);
  for (const [colorScheme, runOnly] of [["light", ALL], ["dark", COLOURS]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const violations = await page.evaluate(async (only) => {
      const result = await window.axe.run(document, { runOnly: only, resultTypes: ["violations"] });
      return result.violations.map((one) => ({ id: one.id, at: one.nodes.slice(0, 3).map((node) => node.html) }));
    }, runOnly);
    found.push(...violations.map((one) => `${colorScheme}: ${one.id} at ${one.at.join(" ").slice(0, 300)}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

/** The widths at which the page must be pushed sideways to be read; `zoom` enlarges the text of the root. */
export async function tooWide(page, widths = WIDTHS, zoom = 1) {
  const before = page.viewportSize();
  const found = [];
  if (zoom !== 1) await enlarge(page, zoom);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) found.push(`${over} px too wide at ${width}${zoom === 1 ? "" : ` and text × ${zoom}`}`);
  }
  if (zoom !== 1) await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  await page.setViewportSize(before);
  return found;
}

function enlarge(page, zoom) {
  return page.evaluate((by) => {
    const root = document.documentElement;
    root.style.fontSize = `${parseFloat(getComputedStyle(root).fontSize) * by}px`;
  }, zoom);
}

/** What a finger would miss: targets lower or narrower than this, but for links within a text. */
export function smallTargets(page, least) {
  return page.evaluate((px) => {
    const targets = Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary"));
    const box = (one) => (one.closest("label") || one).getBoundingClientRect();
    const seen = (one) => one.type !== "hidden" && !one.closest(".skip") && 2 < box(one).width;
    const inText = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline";
    const small = targets.filter((one) => seen(one) && !inText(one) && Math.min(box(one).width, box(one).height) < px - 0.5);
    return small.map((one) => {
      const { width, height } = box(one);
      return `target of ${Math.round(width)} × ${Math.round(height)}: ${one.outerHTML.slice(0, 120)}`;
    });
  }, least);
}

/** What shows on paper and should not, and tables whose heads are not repeated. */
export async function unprintable(page) {
  await page.emulateMedia({ media: "print" });
  const found = await page.evaluate(() => {
    const shown = (one) => 0 < one.getClientRects().length;
    const screen = Array.from(document.querySelectorAll("nav, .side, .bar, .foot, .actions, .skip, .toast")).filter(shown);
    const heads = Array.from(document.querySelectorAll("thead")).filter(
      (head) => shown(head) && getComputedStyle(head).display !== "table-header-group",
    );
    const cut = Array.from(document.querySelectorAll(".scroll")).filter((one) => getComputedStyle(one).overflowX !== "visible");
    return [
      ...screen.map((one) => `on paper: ${one.outerHTML.slice(0, 100)}`),
      ...heads.map(() => "a table whose head is not repeated on paper"),
      ...cut.map((one) => `cut off on paper: ${one.outerHTML.slice(0, 100)}`),
    ];
  });
  await page.emulateMedia({ media: "screen" });
  return found;
}

/** The budgets that this page breaks when it is the first that a browser opens. */
export async function overBudget(page, response, weights) {
  const html = gzipSync(await response.body()).length;
  const parts = await partsOf(page, weights);
  const of = (type) => parts.filter((one) => one.type === type).map((one) => one.bytes);
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const total = html + sum(parts.map((one) => one.bytes));
  const broken = [];
  if (html > BUDGETS.html) broken.push(`HTML has ${html} bytes`);
  if (sum(of("css")) > BUDGETS.css) broken.push(`CSS has ${sum(of("css"))} bytes`);
  if (Math.max(0, ...of("script")) > BUDGETS.script) broken.push(`a script has ${Math.max(...of("script"))} bytes`);
  if (total > BUDGETS.total) broken.push(`${total} bytes in all`);
  if (parts.length + 1 > BUDGETS.requests) broken.push(`${parts.length + 1} requests: ${parts.map((one) => one.url).join(" ")}`);
  return broken;
}

/** What the page fetched, from the network or from the cache; each file is weighed once, in `weights`. */
async function partsOf(page, weights) {
  const fetched = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((one) => ({ url: one.name, by: one.initiatorType })),
  );
  const parts = [];
  for (const { url, by } of fetched.filter((one) => ["link", "script", "css", "img", "other"].includes(one.by))) {
    if (!weights.has(url)) weights.set(url, gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length);
    const type = /\.css(\?|$)/.test(url) ? "css" : /\.js(\?|$)/.test(url) || by === "script" ? "script" : by;
    parts.push({ type, bytes: weights.get(url), url });
  }
  return parts;
}

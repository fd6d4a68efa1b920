// Follows every link from where a person begins, each kind of page once.
import { createHash } from "node:crypto";

/** More pages than a role has; a walk that reaches it has lost its way and fails. */
const MOST_PAGES = 120;

/** Opens every page that the person can reach by links, and gathers what `examine` finds wrong. */
export async function walk(person, examine) {
  const seen = new Set();
  const open = [new URL(person.page.url()).pathname];
  const problems = [];
  while (0 < open.length && seen.size <= MOST_PAGES) {
    const path = open.shift();
    if (seen.has(kind(path))) continue;
    seen.add(kind(path));
    const response = await person.open(path).catch(() => null);
    if (!response || !(response.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    if (response.status() !== 200) problems.push(`${path}: answers ${response.status()}`);
    problems.push(...(await examine(path, response)).map((problem) => `${path}: ${problem}`));
    open.push(...(await links(person.page)));
  }
  if (MOST_PAGES < seen.size) problems.push(`more than ${MOST_PAGES} pages: ${[...seen].join(" ")}`);
  return { pages: seen.size, problems: [...problems, ...person.complaints] };
}

/** Addresses of the same page for other rows, days, numbers or classes are one kind. */
export function kind(path) {
  return path
    .replace(/[0-9a-hjkmnp-tv-z]{26}/g, "{id}")
    .replace(/\d{4}-\d{2}(-\d{2})?/g, "{day}")
    .replace(/(%[0-9A-F]{2}|%[0-9A-F]{2}[()\d]+)+[()\d%A-F]*/g, "{words}")
    .replace(/(?<=[/=.])\d+(?=[/&.]|$)/g, "{n}");
}

/** Which elements the page is made of, whatever they say: two pages of one form are as readable as each other. */
export async function form(page) {
  const paths = await page.evaluate(() => {
    const name = (one) => `${one.tagName}.${one.getAttribute("class") ?? ""}`;
    const path = (one) => (one === document.documentElement ? "" : `${path(one.parentElement)}>${name(one)}`);
    return [...new Set(Array.from(document.querySelectorAll("body *"), path))].sort();
  });
  return createHash("sha256").update(paths.join("\n")).digest("hex");
}

function links(page) {
  return page.$$eval("a[href]", (anchors) =>
    anchors
      .filter((anchor) => anchor.origin === location.origin && !anchor.hasAttribute("download"))
      .map((anchor) => anchor.pathname + anchor.search),
  );
}

// Every page that somebody can reach by links, seen once for each role.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { overBudget, tooWide, unreadable, weigh } from "../support/checks.mjs";
import { Demo } from "../support/server.mjs";
import { DESK, PHONE, Person, launch } from "../support/visit.mjs";

const ROLES = [
  ["guardian", PHONE],
  ["homeroom_teacher", PHONE],
  ["service_teacher", PHONE],
  ["duty_leader", PHONE],
  ["gate_guard", PHONE],
  ["grade_head", DESK],
  ["academic_office", DESK],
  ["safety_office", DESK],
  ["principal", DESK],
];
const MOST_PAGES = 60;

// Pages that stand in docs/screens, by the end of their address.
const SHOWN = {
  "/sign-in": "sign-in",
  "/home": "family-home",
  "/application": "application",
  "/today": "today",
  "/rolls/{id}": "roll",
  "/cases": "cases",
  "/gate": "gate",
  "/board": "board",
  "/applications": "applications",
  "/plan": "plan",
  "/sheets/month": "month-sheet",
};

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  demo?.stop();
});

test("a visitor's pages", async () => {
  await walk(await Person.arrive(browser, demo), "/sign-in");
});

for (const [role, viewport] of ROLES) {
  test(`pages of ${role}`, async () => {
    const person = await Person.signedIn(browser, demo, "s0", role, viewport);
    await walk(person, new URL(person.page.url()).pathname);
  });
}

async function walk(person, start) {
  const seen = new Set();
  const open = [start];
  const problems = [];
  while (open.length > 0 && seen.size < MOST_PAGES) {
    const path = open.shift();
    if (seen.has(pattern(path))) continue;
    seen.add(pattern(path));
    const response = await person.open(path).catch(() => null);
    if (!response || !(response.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    await picture(person.page, path);
    problems.push(...(await examine(person, path, response)).map((problem) => `${path}: ${problem}`));
    open.push(...(await links(person.page)));
  }
  problems.push(...person.complaints);
  await person.leave();
  assert.ok(seen.size > 0);
  assert.deepEqual(problems, []);
}

async function picture(page, path) {
  const end = Object.keys(SHOWN).find((one) => pattern(path).endsWith(one));
  if (!end || !process.env.KEHOU_SCREENS) return;
  await page.screenshot({ path: join(process.env.KEHOU_SCREENS, `${SHOWN[end]}.png`) });
}

async function examine(person, path, response) {
  const problems = response.status() === 200 ? [] : [`answers ${response.status()}`];
  problems.push(...(await unreadable(person.page)), ...(await tooWide(person.page)));
  const parts = await weigh(browser, await person.context.cookies(), person.demo.address + path);
  problems.push(...overBudget(parts));
  return problems;
}

/** Addresses of the same page for other rows or days count as seen. */
function pattern(path) {
  return path
    .split("?")[0]
    .replace(/[0-9a-hjkmnp-tv-z]{26}/g, "{id}")
    .replace(/\d{4}-\d{2}(-\d{2})?/g, "{day}")
    .replace(/\/\d+(?=\/|$)/g, "/{n}");
}

function links(page) {
  return page.$$eval("a[href]", (anchors) =>
    anchors
      .filter((anchor) => anchor.origin === location.origin && !anchor.hasAttribute("download"))
      .map((anchor) => anchor.pathname + anchor.search),
  );
}

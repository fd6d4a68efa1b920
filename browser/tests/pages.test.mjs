// Every page that somebody can reach by links, seen once for each role.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { overBudget, smallTargets, tooWide, unprintable, unreadable } from "../support/checks.mjs";
import { untranslated } from "../support/english.mjs";
import { Demo } from "../support/server.mjs";
import { DESK, PHONE, Person, launch } from "../support/visit.mjs";
import { form, kind, walk } from "../support/walk.mjs";

const ROLES = {
  guardian: PHONE,
  homeroom_teacher: PHONE,
  service_teacher: PHONE,
  duty_leader: PHONE,
  gate_guard: PHONE,
  grade_head: DESK,
  academic_office: DESK,
  general_affairs: DESK,
  safety_office: DESK,
  principal: DESK,
  parent_committee: DESK,
  bureau_officer: DESK,
  system_administrator: DESK,
};

// Pages that stand in docs/screens: the role, the kind of address and the file's name.
const SHOWN = {
  "visitor /sign-in": "sign-in",
  "guardian /home": "family-home",
  "guardian in elder /home": "family-home-elder",
  "homeroom_teacher /schools/s0/rolls/{id}": "roll",
  "homeroom_teacher /schools/s0/today": "today",
  "gate_guard /schools/s0/gate": "gate",
  "gate_guard /schools/s0/gate/{id}": "gate-child",
  "duty_leader /schools/s0/board": "board",
  "duty_leader /schools/s0/cases": "cases",
  "academic_office /schools/s0/board": "board-desk",
  "academic_office /schools/s0/applications": "applications",
  "academic_office /schools/s0/plan": "plan",
  "academic_office /schools/s0/sheets/month": "month-sheet",
};

// What schools call things of their own, in the same words as a page does; and a language calls itself.
const TYPED = ["课后服务", "父亲", "母亲", "中文"];

let demo, browser;
const weights = new Map();
const forms = new Set();
before(async () => {
  demo = await Demo.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  demo?.stop();
});

describe("every page", { concurrency: 2 }, () => {
  test("of a visitor", async () => {
    const person = await Person.arrive(browser, demo);
    await person.open("/sign-in");
    await passes("visitor", person);
  });
  for (const [role, viewport] of Object.entries(ROLES)) {
    test(`of ${role}`, async () => {
      await passes(role, await Person.signedIn(browser, demo, "s0", role, viewport));
    });
  }
});

async function passes(role, person) {
  const { pages, problems } = await walk(person, async (path, response) => {
    await picture(role, person.page, path);
    return examine(person.page, path, response);
  });
  await person.leave();
  assert.ok(2 <= pages);
  assert.deepEqual(problems, []);
}

/** Weighs every page, and looks at each form of a page once: a second teacher's roll has the same colours. */
async function examine(page, path, response) {
  const problems = await overBudget(page, response, weights);
  const seen = `${kind(path)} ${await form(page)}`;
  if (forms.has(seen)) return problems;
  forms.add(seen);
  return [...problems, ...(await tooWide(page)), ...(await smallTargets(page, 44)), ...(await unreadable(page))];
}

async function picture(role, page, path) {
  const name = SHOWN[`${role} ${kind(path)}`];
  if (!name || !process.env.KEHOU_SCREENS) return;
  await page.screenshot({ path: join(process.env.KEHOU_SCREENS, `${name}.png`) });
}

// One at a time and after the walks: a look is kept with the account, which other walks use too.
describe("every page in another look", () => {
  test("larger, for a grandparent", async () => {
    await inLook("guardian", PHONE, { size: "elder" }, async (page) => [
      ...(await smallTargets(page, 60)),
      ...(await tooWide(page, [320, 360])),
      ...(await tooWide(page, [360], 1.4)),
      ...(await unreadable(page)),
    ]);
  });

  for (const [role, viewport] of [["guardian", PHONE], ["academic_office", DESK]]) {
    test(`in English, for ${role}`, async () => {
      await inLook(role, viewport, { lang: "en" }, async (page) => [
        ...(await untranslated(page, TYPED)),
        ...(await tooWide(page)),
      ]);
    });
  }

  test("on paper and with large text, for the office", async () => {
    await inLook("academic_office", DESK, { size: "normal" }, async (page) => [
      ...(await unprintable(page)),
      ...(await tooWide(page, [360], 1.4)),
    ]);
  });
});

async function inLook(role, viewport, look, examine) {
  const person = await Person.signedIn(browser, demo, "s0", role, viewport);
  await person.look(look);
  await person.open("/");
  const { problems } = await walk(person, async (path) => {
    await picture(`${role} in ${Object.values(look)[0]}`, person.page, path);
    return examine(person.page);
  });
  await person.look({ lang: "zh" });
  await person.look({ size: "normal" });
  await person.leave();
  assert.deepEqual(problems, []);
}

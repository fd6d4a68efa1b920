// Every form that a person can reach, sent empty: it is refused in words, on a page that holds what every page holds,
// and the way back from it leads back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tooWide, unreadable } from "../support/checks.mjs";
import { clear, forms, send } from "../support/forms.mjs";
import { Demo } from "../support/server.mjs";
import { DESK, PHONE, Person, launch } from "../support/visit.mjs";
import { kind, walk } from "../support/walk.mjs";

const ROLES = {
  guardian: PHONE,
  homeroom_teacher: PHONE,
  gate_guard: PHONE,
  duty_leader: PHONE,
  academic_office: DESK,
  system_administrator: DESK,
};
// Forms that ask for nothing, or that end the walk.
const LEFT_OUT = ["/look", "/sign-out", "/seats", "/account/sign-ins"];

let demo, browser;
const sent = new Set();
const seen = new Set();
before(async () => {
  demo = await Demo.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  demo?.stop();
});

describe("every form sent empty", { concurrency: 2 }, () => {
  for (const [role, viewport] of Object.entries(ROLES)) {
    test(`by ${role}`, async () => {
      const person = await Person.signedIn(browser, demo, "s0", role, viewport);
      const { problems } = await walk(person, (path) => sendAll(person, path));
      await person.leave();
      assert.deepEqual(problems, []);
    });
  }
});

test("most of them ask for something", () => assert.ok(sent.size < 2 * seen.size, `${seen.size} of ${sent.size}`));

async function sendAll(person, path) {
  const problems = [];
  for (const action of await forms(person.page)) {
    const place = kind(action);
    if (sent.has(place) || LEFT_OUT.includes(place)) continue;
    sent.add(place);
    await clear(person.page, action);
    const answer = await send(person.page, action);
    problems.push(...(await refused(person.page, path, answer)).map((problem) => `${place} sent empty: ${problem}`));
    await person.open(path);
  }
  return problems;
}

/** What is wrong with the answer; a form that may be empty was accepted, and one without an answer was held back. */
async function refused(page, path, answer) {
  if (answer === null || answer.status() < 400) return [];
  if (answer.status() !== 422) return [`answers ${answer.status()}`];
  const problems = (await page.locator(".err-sum").count()) ? [] : ["is refused without a summary"];
  seen.add(kind(new URL(answer.url()).pathname));
  problems.push(...(await tooWide(page, [320, 1440])), ...(await unreadable(page)));
  return [...problems, ...(await wayBack(page, path))];
}

/** One step back is the page on which the form stands, not a question whether to send it again. */
async function wayBack(page, path) {
  const wrong = await page.goBack().then(() => null, (error) => String(error).slice(0, 80));
  if (wrong) return [`has no way back: ${wrong}`];
  const here = new URL(page.url());
  return here.pathname + here.search === path ? [] : [`leads back to ${here.pathname}`];
}

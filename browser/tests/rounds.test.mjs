// Choosing without a scramble: a round from its rules to the seat that the office moves, and a draw that is over, whose
// reasons and proof a family reads on its own phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Demo } from "../support/server.mjs";
import { DESK, Person, launch } from "../support/visit.mjs";

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  demo?.stop();
});

/** What stands behind a label of the receipt. */
const told = (page, label) => page.locator(`dt:text-is("${label}") + dd`).textContent();

test("a family reads why and checks the draw", async () => {
  const family = await Person.signedIn(browser, demo, "s0", "guardian");
  const { page } = family;
  await family.open("/service");
  await family.follow("选课");
  await family.follow("第一轮");
  const results = page.locator("section:has(#answers)");
  assert.match(await results.textContent(), /选上了|没选上/);
  assert.match(await results.textContent(), /孩子的签：[0-9a-f ]{19}/);

  await page.locator("summary", { hasText: "回执" }).click();
  const [salt, line, way] = [await told(page, "盐"), await told(page, "封存的一行"), await told(page, "通到根的路")];
  await family.follow("去核对");
  await page.locator("#salt").fill(salt);
  await page.locator("#line").fill(line);
  await page.locator("#way").fill(way);
  await page.getByRole("button", { name: "核对" }).click();
  const found = page.locator("[data-part=found] li");
  await found.nth(7).waitFor();
  const verdicts = await found.locator(".tag").allTextContents();
  assert.deepEqual(verdicts.slice(0, 3), ["对得上", "对得上", "对得上"]);

  await page.locator("#line").fill(line.replace(/ (\d) 0 /, (_, limit) => ` ${limit === "1" ? 2 : 1} 0 `));
  await page.getByRole("button", { name: "核对" }).click();
  await page.getByText("对不上").waitFor();
  assert.deepEqual(family.complaints, []);
});

test("a family ranks for two children, the office draws and moves a child, the family reads both", async () => {
  // the demo's second round is over, and what it leaves is known
  await demo.moveClock(browser, "2026-10-16T20:05");
  const office = await Person.signedIn(browser, demo, "s0", "academic_office", DESK);
  await office.goTo("选课");
  await office.follow("第二轮");
  await office.press("公布结果");
  const round = await openRound(office);
  const family = await Person.arrive(browser, demo);
  await family.signIn(demo.signIns.filter((one) => one.school === "s0" && one.role === "guardian")[1]);
  const children = await childrenOf(family);
  assert.equal(children.length, 2);
  const chosen = [];
  for (const child of children) chosen.push(await rank(family, child));
  await enterForAFamily(office, round);

  await demo.moveClock(browser, "2026-10-16T21:05");
  await office.open(round);
  const seal = office.page.getByRole("button", { name: "封存" });
  if (await seal.count()) await office.press("封存");
  await office.fill({ 公开的数: "3 5 2" });
  await office.press("抽签");
  await office.press("公布结果");

  for (const [place, child] of children.entries()) {
    await family.open(`${child}/choices`);
    await family.follow("试一轮");
    const answers = family.page.locator("section:has(#answers) li");
    assert.equal(await answers.count(), chosen[place].length);
    for (const answer of await answers.allInnerTexts()) assert.match(answer, /(选上了|没选上|用不着了|没有开)[^]+。/);
  }
  await family.follow("规则");
  assert.match(await family.page.locator("section:has(#draw)").innerText(), /3 5 2/);

  const moved = await move(office, round, family);
  await family.open("/messages");
  assert.match(await family.page.locator("main").innerText(), new RegExp(`${moved}[^]+活动室漏水，这一门停一周`));
  assert.deepEqual([...office.complaints, ...family.complaints], []);
});

/** Writes a round of ranked wishes and makes it known; its address. */
async function openRound(office) {
  await office.goTo("选课");
  await office.follow("开一轮");
  await office.page.getByLabel("怎么选").selectOption({ value: "ranked" });
  await office.fill({ 名称: "试一轮", 开始: "2026-10-16T20:00", 截止: "2026-10-16T21:00", 公开的数: "家长会上掷的三个骰子" });
  // the week counts what earlier rounds gave
  await office.fill({ 每周最多几门: "5" });
  await office.press("存好");
  await office.press("公布");
  return new URL(office.page.url()).pathname;
}

/** The addresses of the family's children. */
async function childrenOf(family) {
  await family.open("/service");
  const links = await family.page.locator('a[href^="/children/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  return [...new Set(links.map((link) => link.split("/").slice(0, 3).join("/")))];
}

/** Ranks up to two offerings a day for a child, and puts the second before the first; what was chosen. */
async function rank(family, child) {
  await family.open(`${child}/choices`);
  await family.follow("试一轮");
  const { pathname } = new URL(family.page.url());
  const chips = family.page.getByRole("navigation", { name: "选星期" }).getByRole("link");
  const days = await chips.evaluateAll((all) => all.map((one) => new URL(one.href).search));
  for (const day of days) {
    await family.open(pathname + day);
    for (let times = 0; times < 2; times += 1) {
      const add = family.page.getByRole("button", { name: /^选/ });
      if (await add.count()) await family.press(/^选/);
    }
  }
  const up = family.page.getByRole("button", { name: /上移$/ }).and(family.page.locator(":enabled"));
  if (await up.count()) await family.arriving(up.first());
  const chosen = await family.page.locator(".rank b").allInnerTexts();
  assert.ok(chosen.length > 0, "something can be chosen");
  return chosen;
}

/** Chooses for the first child of the first class that has nothing yet. */
async function enterForAFamily(office, round) {
  await office.goTo("代填选课");
  await office.follow("试一轮");
  await office.follow(/还没填/);
  for (const day of [1, 2, 3, 4, 5]) {
    const add = office.page.getByRole("button", { name: /^选/ });
    if (await add.count()) return office.press(/^选/);
    await office.open(`${new URL(office.page.url()).pathname}?day=${day}`);
  }
  throw new Error(`nothing to choose in ${round}`);
}

/** Takes the seat of one of the family's children away, with a reason; the child's name. */
async function move(office, round, family) {
  await family.open("/service");
  const names = await family.page.getByRole("navigation", { name: "选择孩子" }).getByRole("link").allInnerTexts();
  for (const day of [1, 2, 3, 4, 5]) {
    await office.open(`${round}/arrange?day=${day}`);
    for (const name of names) {
      const line = office.page.locator("details li", { hasText: name.trim() });
      if (!(await line.count())) continue;
      await office.page.locator("details:not([open]) > summary").evaluateAll((all) => all.forEach((one) => one.click()));
      await office.follow("调整", line.first());
      await office.page.getByLabel("安排到").selectOption({ label: "这一天不安排" });
      await office.fill({ 理由: "活动室漏水，这一门停一周" });
      await office.press("调整");
      return name.trim().split(" ")[0];
    }
  }
  throw new Error("no child of the family has a seat");
}

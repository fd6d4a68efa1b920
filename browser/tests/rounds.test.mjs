// A draw that is over: the family reads why each wish ended as it did and checks the draw on its own phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Demo } from "../support/server.mjs";
import { Person, launch } from "../support/visit.mjs";

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

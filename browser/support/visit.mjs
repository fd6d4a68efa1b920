// A person at a screen: signs in, walks, and complains about anything the console says.
import { join } from "node:path";
import { chromium } from "./packages.mjs";

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.KEHOU_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN"],
  });
}

export class Person {
  constructor(demo, context, page) {
    this.demo = demo;
    this.context = context;
    this.page = page;
    this.complaints = [];
    /** What is asked of every page that an act leads to. */
    this.examine = async () => [];
    page.on("console", (message) => {
      const expected = message.text().includes("status of 422");
      if (message.type() === "error" && !expected) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error}`));
  }

  static async arrive(browser, demo, viewport = PHONE, more = {}) {
    const context = await browser.newContext({ viewport, locale: "zh-CN", timezoneId: "Asia/Shanghai", ...more });
    context.setDefaultTimeout(60_000);
    return new Person(demo, context, await context.newPage());
  }

  static async signedIn(browser, demo, school, role, viewport = PHONE, more = {}) {
    const person = await Person.arrive(browser, demo, viewport, more);
    await person.signIn(demo.signIn(school, role));
    return person;
  }

  /** Signs in and takes the seat of the role, with the code of the moment where the role needs one. */
  async signIn({ phone, password, role }) {
    await this.open("/sign-in");
    await this.page.fill("input[name=phone]", phone);
    await this.page.fill("input[name=secret]", password);
    await this.arriving(this.page.locator("main form button[type=submit]"));
    if (this.at("/sign-in")) throw new Error(`${phone} could not sign in`);
    if (role && this.at("/seats")) await this.arriving(this.page.locator(`form:has(input[name=role][value=${role}]) button`));
    if (this.at("/second-factor")) await this.secondFactor(await this.demo.code(phone));
  }

  async secondFactor(code) {
    await this.page.fill("input[name=code]", code);
    await this.arriving(this.page.locator("main form button[type=submit]"));
    if (this.at("/second-factor")) throw new Error("the code was refused");
  }

  /** Chooses how pages look: language, theme or size. */
  async look(choice) {
    await this.open("/account");
    const [name, value] = Object.entries(choice)[0];
    await this.page.evaluate(
      ([field, word]) => {
        const input = document.querySelector(`form[action='/look'] [name=${field}]`);
        input.value = word;
        return fetch("/look", { method: "POST", body: new URLSearchParams(new FormData(input.form)) });
      },
      [name, value],
    );
  }

  at(path) {
    return new URL(this.page.url()).pathname === path;
  }

  /** Chooses one of several seats. */
  async sit(role) {
    await this.open("/seats");
    await this.press(role);
  }

  /** Opens an address of the demo and answers with the response. */
  open(path) {
    return this.page.goto(this.demo.address + path);
  }

  /** Goes by the navigation, or where the page has none of it, from the page that the seat's work begins on. */
  async goTo(words) {
    const link = this.page.getByRole("link", { name: words, exact: true }).first();
    if (!(await link.count())) await this.open("/");
    await this.arriving(link);
  }

  /** Follows a link by its words. */
  async follow(words, within = this.page) {
    await this.arriving(within.getByRole("link", { name: words }).first());
  }

  /** Presses a button that leads on; a page that refuses what was sent is a failure. */
  async press(words, within = this.page) {
    await this.arriving(within.getByRole("button", { name: words }).first());
    const wrong = this.page.locator(".err-sum");
    if (await wrong.count()) throw new Error(`“${words}” was refused: ${await wrong.innerText()}`);
  }

  async arriving(target) {
    const loaded = this.page.waitForEvent("load");
    await Promise.all([loaded, target.click()]);
    const { pathname } = new URL(this.page.url());
    this.complaints.push(...(await this.examine(this.page, pathname)).map((problem) => `${pathname}: ${problem}`));
  }

  /** Fills fields by their labels. */
  async fill(values, within = this.page) {
    for (const [label, value] of Object.entries(values)) await within.getByLabel(label, { exact: true }).first().fill(value);
  }

  /** Keeps a picture of the screen, when KEHOU_SHOTS names a folder for whoever wants to look. */
  async shot(name) {
    const folder = process.env.KEHOU_SHOTS;
    if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  async leave() {
    await this.context.close();
  }
}

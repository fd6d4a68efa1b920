// A person at a screen: signs in, walks, and complains about anything the console says.
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
    page.on("console", (message) => {
      const expected = message.text().includes("status of 422");
      if (message.type() === "error" && !expected) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error}`));
  }

  static async arrive(browser, demo, viewport = PHONE, more = {}) {
    const context = await browser.newContext({ viewport, locale: "zh-CN", timezoneId: "Asia/Shanghai", ...more });
    context.setDefaultTimeout(15_000);
    return new Person(demo, context, await context.newPage());
  }

  static async signedIn(browser, demo, school, role, viewport = PHONE, more = {}) {
    const person = await Person.arrive(browser, demo, viewport, more);
    await person.signIn(demo.signIn(school, role));
    return person;
  }

  async signIn({ phone, password, second_factor: secondFactor }) {
    await this.open("/sign-in");
    await this.page.fill("input[name=phone]", phone);
    await this.page.fill("input[name=secret]", password);
    await this.page.click("main form button[type=submit]");
    if (secondFactor) await this.secondFactor(secondFactor);
    if (this.page.url().includes("/sign-in")) throw new Error(`${phone} could not sign in`);
  }

  async secondFactor(code) {
    if (await this.page.locator("input[name=code]").count()) {
      await this.page.fill("input[name=code]", code);
      await this.page.click("form button[type=submit]");
    }
  }

  /** Opens an address of the demo and answers with the response. */
  open(path) {
    return this.page.goto(this.demo.address + path);
  }

  async leave() {
    await this.context.close();
  }
}

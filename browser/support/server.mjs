// A demo of its own for each test file: a scratch folder, a free port, a clock that stands still.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "./packages.mjs";

const program = process.env.KEHOU_BIN ?? join(project, "target/debug/kehou");

/** A running demo: its address and its sign-ins, by school and role. */
export class Demo {
  constructor(child, folder) {
    this.child = child;
    this.folder = folder;
    this.signIns = [];
  }

  static async start(at = "2026-10-13T15:05", schools = ["--only", "s0"]) {
    const folder = mkdtempSync(join(tmpdir(), "kehou-browser-"));
    const words = ["demo", "--port", "0", "--at", at, ...schools, "--data", folder, "--format", "json"];
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
    const demo = new Demo(child, folder);
    const facts = await demo.firstLine();
    demo.address = facts.address.replace(/\/$/, "");
    demo.signIns = facts.sign_ins;
    return demo;
  }

  firstLine() {
    return new Promise((resolve, reject) => {
      let text = "";
      this.child.stdout.on("data", (chunk) => {
        text += chunk;
        const end = text.indexOf("\n");
        if (end >= 0) resolve(JSON.parse(text.slice(0, end)));
      });
      this.child.on("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
    });
  }

  /** Phone and password of whoever has this role in this school. */
  signIn(school, role) {
    const found = this.signIns.find((one) => one.school === school && one.role === role);
    if (!found) throw new Error(`no sign-in for ${role} in ${school}`);
    return found;
  }

  /** The second factor's code of the moment, as the demo's own page shows it. */
  async code(phone) {
    const page = await (await fetch(`${this.address}/demo`, { headers: { "accept-language": "zh-CN" } })).text();
    const found = page.slice(page.indexOf(`${phone} / `)).match(/动态码 (\d{6})/);
    if (!found) throw new Error(`the demo shows no code for ${phone}`);
    return found[1];
  }

  /** Moves the demo's clock to this time, on the page that is for it. */
  async moveClock(browser, at) {
    const page = await browser.newPage({ locale: "zh-CN" });
    await page.goto(`${this.address}/demo/clock`);
    await page.getByLabel("日期和时间").fill(at);
    const loaded = page.waitForEvent("load");
    await page.getByRole("button", { name: "调到这个时间" }).click();
    await loaded;
    await page.close();
  }

  stop() {
    this.child.removeAllListeners("exit");
    this.child.kill("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// What an English page still says in Chinese: the product's own sentences, not what a school has typed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { project } from "./packages.mjs";

const folder = join(project, "crates/web/locales/en");

/** The product's Chinese sentences, each as a pattern with its places open. */
const sentences = readdirSync(folder)
  .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
  .map((line) => line.match(/^"((?:[^"\\]|\\.)*)" = /)?.[1])
  .filter((key) => key && 2 <= (key.replace(/\{\w+\}/g, "").match(/[\u3400-\u9fff]/g) ?? []).length)
  .map((key) => new RegExp(`^${key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+")}$`));

/** Texts of the page that are a sentence of the product; `typed` are words that schools use for their own things. */
export async function untranslated(page, typed) {
  const texts = await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode.data.trim());
    document.querySelectorAll("[aria-label], [placeholder], [title]").forEach((one) => {
      ["aria-label", "placeholder", "title"].forEach((name) => found.push((one.getAttribute(name) ?? "").trim()));
    });
    return found.filter((text) => /[\u3400-\u9fff]/.test(text));
  });
  const ours = (text) => !typed.includes(text) && sentences.some((sentence) => sentence.test(text));
  return [...new Set(texts)].filter(ours).map((text) => `Chinese in English: ${text}`);
}

// The npm packages lie in the target folder, where `cargo xtask browser` installs them.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";

export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packages = process.env.KEHOU_NODE_MODULES ?? join(project, "target/browser/node_modules");
const require = createRequire(join(packages, "x.js"));

export const { chromium } = require("playwright-core");
export const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

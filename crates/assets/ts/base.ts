// What every page loads: partial updates, and plain words when something fails on the way.
import htmx from "htmx.org/dist/htmx.esm.js";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

// The page's policy forbids evaluating text and inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.timeout = 15000;
// A refused form (422) comes back as a page with the words by the field, so it is shown like any other.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4..", swap: true, error: false },
  { code: "5..", swap: false, error: true },
];

// hx-swap="morph" keeps what was typed and where the cursor stands.
htmx.defineExtension("morph", {
  isInlineSwap: (style: string) => style === "morph",
  handleSwap: (style: string, target: Element, fragment: DocumentFragment) =>
    style === "morph" ? Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML" }) : false,
});

const note = (kind: "offline" | "failed", shown: boolean): void => {
  const found = document.getElementById(`net-${kind}`);
  if (found) found.hidden = !shown;
};

const unreachable = (): void => note("offline", true);
const reachable = (): void => {
  note("offline", false);
  note("failed", false);
};

window.addEventListener("offline", unreachable);
window.addEventListener("online", reachable);
document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:timeout", unreachable);
document.addEventListener("htmx:responseError", () => note("failed", true));
document.addEventListener("htmx:afterOnLoad", reachable);

// A plain form with no network would lose what was typed: hold it back and say so.
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  unreachable();
});

// A refused form puts the cursor on its summary, so that it is read out and seen first.
const showSummary = (): void => {
  const summary = document.querySelector<HTMLElement>(".err-sum[tabindex]");
  if (summary) summary.focus();
};
document.addEventListener("htmx:afterSettle", showSummary);
showSummary();

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target && target.closest("[data-print]")) window.print();
});

// Choices that show themselves at once, such as the language, need no second tap.
document.addEventListener("change", (event) => {
  const field = event.target instanceof HTMLElement ? event.target : null;
  const form = field && field.closest<HTMLFormElement>("form[data-at-once]");
  if (form) form.requestSubmit ? form.requestSubmit() : form.submit();
});

if (!navigator.onLine) unreachable();

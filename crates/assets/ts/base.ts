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

const note = (kind: "offline" | "failed" | "kept", shown: boolean): void => {
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

// The page of a refused form, or of what was sought, answers a POST: left as it is, the way back to it would ask to send the form again.
// It takes the address of the page that the form stands on.
if ("posted" in document.body.dataset && document.referrer.indexOf(`${location.origin}/`) === 0) {
  history.replaceState(null, "", document.referrer);
}

// A sign-in that has run out must not cost what was typed: a sent form is kept in this tab until the next page, and
// is filled in again when that page comes after a sign-in of the same account. Nothing is sent by itself; passwords,
// files and hidden fields are not kept.
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Kept {
  who: string;
  page: string;
  action: string | null;
  fields: [string, string][];
}
const KEPT = "form";
const NOT_KEPT = ["hidden", "password", "file", "submit", "button", "fieldset"];
const ENTRANCE = /^\/(sign-in|second-factor|seats)(\/|$)/;
const LONGEST = 100_000;
const who = document.body.dataset.who;
const here = (): string => location.pathname + location.search;

const fieldsOf = (form: HTMLFormElement): Field[] =>
  (Array.from(form.elements) as Field[]).filter((field) => field.name && NOT_KEPT.indexOf(field.type) < 0);
const isBox = (field: Field): field is HTMLInputElement => field.type === "checkbox" || field.type === "radio";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || !who) return;
  const typed = fieldsOf(form).filter((field) => !isBox(field) || field.checked);
  const fields = typed.map((field): [string, string] => [field.name, field.value]);
  const kept: Kept = { who, page: here(), action: form.getAttribute("action"), fields };
  const text = JSON.stringify(kept);
  try {
    if (text.length < LONGEST) sessionStorage.setItem(KEPT, text);
  } catch {
    // a browser without room keeps nothing
  }
});

const fillAgain = (form: HTMLFormElement, fields: [string, string][]): void => {
  const left = fields.slice();
  fieldsOf(form).forEach((field) => {
    const place = left.findIndex(([name, value]) => name === field.name && (!isBox(field) || value === field.value));
    if (isBox(field)) field.checked = place >= 0;
    else if (place >= 0) field.value = left[place][1];
    if (place >= 0) left.splice(place, 1);
  });
  note("kept", true);
  const found = document.getElementById("net-kept");
  const main = document.getElementById("main");
  if (!found || !main) return;
  found.classList.remove("no-net");
  main.prepend(found);
};

const takeKept = (): void => {
  const text = sessionStorage.getItem(KEPT);
  if (!text) return;
  sessionStorage.removeItem(KEPT);
  const kept = JSON.parse(text) as Kept;
  const before = document.referrer.replace(location.origin, "");
  if (kept.who !== who || kept.page !== here() || !ENTRANCE.test(before.split("?")[0])) return;
  const form = Array.from(document.forms).find((known) => known.getAttribute("action") === kept.action);
  if (form) fillAgain(form, kept.fields);
};

// A form that came after its sign-in had run out is held by a page of its own for browsers without script.
// Here what was typed is kept already, so the way leads straight to the sign-in.
const entrance = document.querySelector<HTMLAnchorElement>("a[data-entrance]");

try {
  if (entrance) location.replace(entrance.href);
  else if (!ENTRANCE.test(location.pathname)) takeKept();
} catch {
  // a browser that keeps nothing has nothing to give back
}

if (!navigator.onLine) unreachable();

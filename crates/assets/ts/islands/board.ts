// The live board: when the day changes, the board is read anew and put in place. Without script a reload does it.
const shown = (): HTMLElement | null => document.getElementById("board");

// What a part of the board is known by, in the board before and in the one after.
const names = (part: Element): string =>
  part.getAttribute("href") || part.getAttribute("aria-labelledby") || part.getAttribute("name") || part.tagName;

// The board is replaced under the reader's eyes: who reads on, or is about to press something, stays there.
const put = (now: HTMLElement, next: HTMLElement): void => {
  const focused = now.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = Array.from(now.querySelectorAll(".scroll")).map((part) => [names(part), part.scrollTop, part.scrollLeft] as const);
  const open = Array.from(now.querySelectorAll("details[open]"), (part) => part.id);
  now.replaceWith(next);
  const found = (name: string, of: string): HTMLElement | undefined =>
    Array.from(next.querySelectorAll<HTMLElement>(of)).find((part) => names(part) === name);
  scrolled.forEach(([name, top, left]) => found(name, ".scroll")?.scrollTo(left, top));
  open.forEach((id) => next.querySelector(`#${id}`)?.setAttribute("open", ""));
  if (focused) found(names(focused), focused.tagName)?.focus({ preventScroll: true });
};

const renew = async (): Promise<void> => {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("board");
  const now = shown();
  if (next && now) put(now, next);
};

// A board that has stopped must not look like one on which nothing happens: news comes every three seconds.
const SILENCE = 15_000;
let waiting = 0;
const alive = (): void => {
  const note = document.getElementById("stale");
  if (!note) return;
  note.hidden = true;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    note.hidden = false;
  }, SILENCE);
};

const events = shown()?.dataset.events;
if (events) {
  alive();
  new EventSource(events).addEventListener("board", (event) => {
    const at = (event as MessageEvent<string>).data;
    if (at === shown()?.dataset.at) alive();
    // what could not be read is asked for again with the next news
    else renew().then(alive, () => undefined);
  });
}

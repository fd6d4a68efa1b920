// The live board: when the day changes, the board is read anew and put in place. Without script a reload does it.
const shown = (): HTMLElement | null => document.getElementById("board");

const renew = async (): Promise<void> => {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("board");
  const now = shown();
  // nobody is interrupted in the middle of a form
  if (next && now && !now.contains(document.activeElement)) now.replaceWith(next);
};

const events = shown()?.dataset.events;
if (events) {
  const source = new EventSource(events);
  source.addEventListener("board", (event) => {
    const at = (event as MessageEvent<string>).data;
    if (at !== shown()?.dataset.at) void renew();
  });
}

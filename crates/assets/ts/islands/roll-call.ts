// Roll call: taps change tiles at once and are sent together. What was tapped stays on this phone until it is saved.

type Mark = "unmarked" | "present" | "absent" | "late" | "leave";

const form = document.querySelector<HTMLFormElement>("#roll");

const boot = (roll: HTMLFormElement): void => {
  const place = `roll.${roll.dataset.roll}`;
  const called = roll.dataset.called === "true";
  const taps = new Map<string, { mark: Mark; at: number }>();
  const tiles = Array.from(roll.querySelectorAll<HTMLButtonElement>("button.tile"));
  // a page that came back with a refusal shows what was tapped, which is not what is saved
  const saved = new Map(tiles.map((tile) => [tile.value, (tile.dataset.saved || tile.dataset.mark) as Mark]));

  // a tap too many leads on to "not called" again, unless the child is saved as here
  const next = (mark: Mark, was: Mark | undefined): Mark => {
    if (mark === "present" && was !== "present") return "unmarked";
    if (mark === "unmarked" || mark === "present") return "absent";
    if (mark === "absent") return called ? "late" : "leave";
    return mark === "late" ? "leave" : "present";
  };

  const word = (kind: "w" | "l", mark: Mark): string => roll.getAttribute(`data-${kind}-${mark}`) || "";

  const draw = (tile: HTMLButtonElement, mark: Mark): void => {
    tile.dataset.mark = mark;
    tile.className = mark === "unmarked" ? "tile" : `tile is-${mark}`;
    const sign = tile.querySelector(".m");
    if (sign) sign.innerHTML = mark === "present" ? '<svg class="i"><use href="#i-check"></use></svg>' : word("l", mark);
    const words = tile.querySelector("[data-words]");
    if (words) words.textContent = `${word("w", mark)}${roll.dataset.tap || ""}`;
  };

  const count = (): void => {
    const marks = Array.from(document.querySelectorAll<HTMLElement>(".tile")).map((tile) => tile.dataset.mark);
    const of = (mark: Mark): number => marks.filter((found) => found === mark).length;
    const counts: Record<string, number> = {
      present: of("present") + of("late"),
      absent: of("absent"),
      leave: of("leave"),
      late: of("late"),
      unmarked: of("unmarked"),
    };
    document.querySelectorAll<HTMLElement>("[data-count]").forEach((found) => {
      found.textContent = String(counts[found.dataset.count || ""]);
    });
    const when = counts.unmarked ? "unmarked" : taps.size ? "drafted" : "saved";
    document.querySelectorAll<HTMLElement>("[data-when]").forEach((found) => {
      found.hidden = found.dataset.when !== when;
    });
  };

  const fields = (): void => {
    roll.querySelectorAll('input[name="m"]').forEach((field) => field.remove());
    taps.forEach((tap, id) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "m";
      field.value = `${id}.${tap.mark}.${tap.at}`;
      roll.append(field);
    });
  };

  const keep = (): void => {
    try {
      if (taps.size) localStorage.setItem(place, JSON.stringify(Array.from(taps)));
      else localStorage.removeItem(place);
    } catch {
      // a phone without room keeps the taps on the page alone
    }
  };

  const kept = (): void => {
    const note = document.getElementById("kept");
    const number = note && note.querySelector("[data-kept]");
    if (!note || !number) return;
    number.textContent = String(taps.size);
    note.hidden = navigator.onLine || !taps.size;
  };

  const changed = (): void => {
    fields();
    count();
    keep();
    kept();
  };

  const tap = (tile: HTMLButtonElement, mark: Mark, at: number): void => {
    draw(tile, mark);
    if (saved.get(tile.value) === mark) taps.delete(tile.value);
    else taps.set(tile.value, { mark, at });
  };

  // what an earlier page left behind counts only for the same state of the roll
  const restore = (): void => {
    const drafted = Array.from(roll.querySelectorAll<HTMLInputElement>('input[name="m"]'));
    drafted.forEach((field) => {
      const [id, mark] = field.value.split(".");
      taps.set(id, { mark: mark as Mark, at: Date.now() });
    });
    try {
      Object.keys(localStorage)
        .filter((key) => key.indexOf(`${place.split(".").slice(0, 2).join(".")}.`) === 0 && key !== place)
        .forEach((key) => localStorage.removeItem(key));
      const left = JSON.parse(localStorage.getItem(place) || "[]") as [string, { mark: Mark; at: number }][];
      left.forEach(([id, found]) => {
        const tile = tiles.find((known) => known.value === id);
        if (tile) tap(tile, found.mark, found.at);
      });
    } catch {
      localStorage.removeItem(place);
    }
    changed();
  };

  roll.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const tile = target && target.closest<HTMLButtonElement>("button.tile");
    if (!tile) return;
    event.preventDefault();
    tap(tile, next(tile.dataset.mark as Mark, saved.get(tile.value)), Date.now());
    changed();
  });

  window.addEventListener("offline", kept);
  window.addEventListener("online", kept);
  restore();
};

if (form) boot(form);

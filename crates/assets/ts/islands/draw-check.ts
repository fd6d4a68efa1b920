// Checks a draw on the reader's own device: nothing is asked of the server.
const box = document.querySelector<HTMLElement>("[data-check]");

type Bytes = Uint8Array<ArrayBuffer>;

const text = (written: string): Bytes => new TextEncoder().encode(written);

const bytes = (hex: string): Bytes => {
  const pairs = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs.map((pair) => parseInt(pair, 16)));
};

const hex = (of: Bytes): string => Array.from(of, (byte) => byte.toString(16).padStart(2, "0")).join("");

const joined = (...parts: Bytes[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
};

const hash = async (...parts: Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

// A whole number in eight bytes, high byte first.
const wide = (number: bigint): Bytes => {
  const eight = new DataView(new ArrayBuffer(8));
  eight.setBigUint64(0, number);
  return new Uint8Array(eight.buffer);
};

// The seed: each part behind its length.
const seedOf = async (from: DOMStringMap): Promise<Bytes> => {
  const named = [from.school, from.term, from.round].map((name) => text(name ?? ""));
  const parts = [text("club-lottery-v1"), ...named, bytes(from.root ?? ""), bytes(from.secret ?? "")];
  parts.push(text(from.beacon ?? ""));
  return hash(...parts.flatMap((part) => [wide(BigInt(part.length)), part]));
};

// Where the way from an application leads.
const rootOf = async (salt: string, line: string, way: string): Promise<string> => {
  let below = await hash(Uint8Array.of(0), bytes(salt), text(line));
  for (const step of way.split(/\s+/).filter((part) => part !== "")) {
    const neighbour = bytes(step.slice(1));
    const pair = step.startsWith("l") ? [neighbour, below] : [below, neighbour];
    below = await hash(Uint8Array.of(1), ...pair);
  }
  return hex(below);
};

const ticketOf = async (seed: Bytes, day: number, number: bigint): Promise<string> => {
  const whole = await hash(seed, Uint8Array.of(1, day), wide(number));
  return (hex(whole).slice(0, 16).match(/..../g) ?? []).join(" ");
};

const start = (shown: HTMLElement): void => {
  const part = (name: string): HTMLElement | null => shown.querySelector(`[data-part=${name}]`);
  const words = shown.querySelector<HTMLTemplateElement>("template[data-part=words]");
  const word = (name: string): string => words?.content.querySelector(`[data-word=${name}]`)?.textContent ?? "";
  const typed = (name: string): string => (part(name) as HTMLInputElement | null)?.value.trim() ?? "";
  const list = part("found");
  const say = (what: string, found: string, holds: boolean): void => {
    const item = document.createElement("li");
    item.className = "line row between wrap";
    const label = document.createElement("span");
    label.textContent = what;
    const tag = document.createElement("span");
    tag.className = holds ? "tag tag-present" : "tag tag-absent";
    tag.textContent = found;
    item.append(label, tag);
    list?.append(item);
  };
  const verdict = (what: string, holds: boolean): void => say(word(what), word(holds ? "yes" : "no"), holds);
  const check = async (): Promise<void> => {
    if (list) list.textContent = "";
    const from = shown.dataset;
    const withheld = /^0*$/.test(from.secret ?? "");
    if (!withheld) verdict("commitment", hex(await hash(bytes(from.secret ?? ""))) === from.commitment);
    const seed = await seedOf(from);
    verdict("seed", hex(seed) === from.seed);
    const line = typed("line");
    if (line === "") return;
    verdict("proof", (await rootOf(typed("salt"), line, typed("way"))) === from.root);
    // siblings who draw together draw by the lowest of their numbers, which stands where the family does
    const [, own = "", , , , , family = "0"] = line.split(" ");
    const number = family === "0" ? own : family;
    if (!/^\d{1,20}$/.test(number)) return;
    const days = word("days").split(" ");
    for (const [day, name] of days.entries()) {
      const which = from.scheme === "one" ? 0 : day;
      say(`${word("tickets")} ${name}`, await ticketOf(seed, which, BigInt(number)), true);
    }
  };
  part("go")?.addEventListener("click", () => void check());
};

if (box && window.crypto && crypto.subtle) start(box);

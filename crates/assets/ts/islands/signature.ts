// Signing with a finger. Without this script the typed name signs, as the form says.
import SignaturePad from "signature_pad";

// The box that drawn lines are kept in, whatever the screen's width.
const WIDTH = 340;

const form = document.querySelector<HTMLFormElement>("form[data-sign]");
const pad = form && form.querySelector<HTMLElement>("[data-pad]");
const canvas = pad && pad.querySelector("canvas");
const field = form && form.querySelector<HTMLInputElement>("input[name=path]");

const start = (board: HTMLElement, area: HTMLCanvasElement, kept: HTMLInputElement, sent: HTMLFormElement): void => {
  board.hidden = false;
  const pen = new SignaturePad(area, { minWidth: 1.2, maxWidth: 2.8 });
  // A canvas has its own pixels: as many as the screen has there, or the line is blurred and off.
  const fit = (): void => {
    const lines = pen.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    area.width = area.offsetWidth * ratio;
    area.height = area.offsetHeight * ratio;
    const context = area.getContext("2d");
    if (context) context.scale(ratio, ratio);
    pen.penColor = getComputedStyle(area).color;
    pen.clear();
    pen.fromData(lines);
  };
  const path = (): string => {
    const scale = WIDTH / (area.offsetWidth || WIDTH);
    const round = (value: number): string => String(Math.round(value * scale * 10) / 10);
    const written = pen.toData().map((line) =>
      line.points.map((point, place) => `${place === 0 ? "M" : "L"}${round(point.x)} ${round(point.y)}`).join(""),
    );
    return written.join("");
  };
  fit();
  // a page that came back shows an empty pad, and so nothing may be signed by what was drawn before
  kept.value = "";
  window.addEventListener("resize", fit);
  const again = board.querySelector<HTMLButtonElement>("[data-again]");
  if (again) {
    again.addEventListener("click", () => {
      pen.clear();
      kept.value = "";
    });
  }
  sent.addEventListener("submit", () => {
    if (!pen.isEmpty()) kept.value = path();
  });
};

if (form && pad && canvas && field) start(pad, canvas, field, form);

// Reads the clauses out, where the phone can speak.
const listen = document.querySelector<HTMLButtonElement>("[data-listen]");
const text = document.querySelector<HTMLElement>("[data-read]");
if (listen && text && "speechSynthesis" in window) {
  listen.hidden = false;
  listen.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      return;
    }
    const speech = new SpeechSynthesisUtterance(text.innerText);
    speech.lang = document.documentElement.lang;
    speechSynthesis.speak(speech);
  });
}

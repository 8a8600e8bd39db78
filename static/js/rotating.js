/* The leader's screen: a new code for every slot, with the time that is left.
   [data-rotating] says the address; it answers {svg, short, seconds_left, slot_seconds}. */

const root = document.querySelector("[data-rotating]");
const image = root.querySelector("[data-image]");
const short = root.querySelector("[data-short]");
const ring = root.querySelector("[data-left]");
const stale = root.querySelector("[data-stale]");
const LENGTH = ring ? ring.getTotalLength() : 0;
let left = Number(root.dataset.secondsLeft ?? 0);
let slot = Number(root.dataset.slotSeconds ?? 30);
let lock = null;

function draw() {
  if (!ring) return;
  ring.style.strokeDasharray = `${LENGTH}`;
  ring.style.strokeDashoffset = `${LENGTH * (1 - Math.max(left, 0) / slot)}`;
}

async function renew() {
  try {
    const answer = await fetch(root.dataset.rotating, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    const drawn = new DOMParser().parseFromString(found.svg, "image/svg+xml").documentElement;
    image.replaceChildren(document.importNode(drawn, true));
    if (short) short.textContent = found.short;
    left = found.seconds_left;
    slot = found.slot_seconds;
    stale.hidden = true;
  } catch {
    // An old code is refused at the gate: say so instead of letting people scan it.
    stale.hidden = false;
    left = 3;
  }
  draw();
}

async function keepAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  lock = await navigator.wakeLock.request("screen").catch(() => null);
}

setInterval(() => {
  left -= 1;
  if (left <= 0) renew();
  else draw();
}, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { renew(); keepAwake(); } else lock?.release(); });
renew();
keepAwake();

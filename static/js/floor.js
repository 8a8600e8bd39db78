/* A motion while it is discussed: the speaker's clock by the server's time, and who is there.
   [data-floor] says the address; when something else has changed the page loads itself anew. */

const root = document.querySelector("[data-floor]");
const clock = root.querySelector("[data-clock]");
const over = root.querySelector("[data-clock-over]");
const present = root.querySelector("[data-present]");
const enough = root.querySelector("[data-quorum-yes]");
const lacking = root.querySelector("[data-quorum-no]");
let ends = clock ? performance.now() + Number(clock.dataset.left) * 1000 : 0;

function draw() {
  if (!clock) return;
  const left = Math.ceil((ends - performance.now()) / 1000);
  clock.textContent = String(Math.max(left, 0));
  if (over) over.hidden = left > 0;
}

// What is being typed is never lost to a fresh page.
function isTyping() {
  return [...document.querySelectorAll("details[open] textarea, details[open] input:not([type=hidden]), form input[type=number]")]
    .some((field) => field.value && field.value !== field.defaultValue) || document.activeElement?.matches("input, textarea, select");
}

async function ask() {
  try {
    const answer = await fetch(root.dataset.floor, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    const found = await answer.json();
    if (present) present.textContent = String(found.present);
    if (enough) enough.hidden = !found.has_quorum;
    if (lacking) lacking.hidden = found.has_quorum;
    if (clock && found.seconds_left !== null) ends = performance.now() + found.seconds_left * 1000;
    const known = `${found.state} ${found.amendments.join(" ")} ${found.waiting.length} ${found.speaker ?? ""}`;
    if (known.trim() !== root.dataset.known.trim() && !isTyping()) location.reload();
  } catch {
    // No network just now: the next round asks again.
  }
}

setInterval(draw, 250);
setInterval(ask, 4000);
draw();

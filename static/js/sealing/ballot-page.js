/* A ballot that is sealed in this browser: what was chosen never leaves it readable. */

import { canonical, fromBase64, random, toBase64, utf8 } from "./bytes.js";
import { canSeal, readBinding, save, say } from "./content.js";
import { seal } from "./envelope.js";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const OBJECTION = 3;
const page = document.querySelector("[data-ballot]");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const { kind, least, most } = page.dataset;
let slip = "";

/* Five random bits a letter, as the site draws its own. */
const drawTracker = () => Array.from(random(16), (byte) => LETTERS[byte & 31]).join("");

function readChoice() {
  const ticked = [...page.querySelectorAll("input[name=choice]:checked")];
  const reason = (page.querySelector("[name=reason]")?.value ?? "").replace(/\s+/g, " ").trim().normalize("NFC");
  return { ticked, reason, pairs: ticked.map((each) => [Number(each.value), 1]).sort(([one], [other]) => one - other) };
}

/* What the count would refuse later is refused here: once sealed, nobody can mend it. */
function mistake({ ticked, reason }) {
  const one = ["yes_no", "single", "consent"].includes(kind);
  if (one && ticked.length !== 1) return "wrong";
  if (kind === "multiple" && (ticked.length < Number(least) || (Number(most) && ticked.length > Number(most)))) return "wrong";
  if (kind === "consent" && Number(ticked[0].value) === OBJECTION && !reason) return "no-reason";
  return [...reason].length > 200 ? "wrong" : "";
}

async function look() {
  const chosen = readChoice();
  const wrong = mistake(chosen);
  if (wrong) { say(page, wrong); page.querySelector("input[name=choice]").focus(); return; }
  say(page, "working");
  const tracker = drawTracker();
  const content = utf8(canonical({ pairs: chosen.pairs, reason: chosen.reason, tracker }));
  const { envelope } = await seal(content, readBinding(JSON.parse(page.dataset.binding), fromBase64));
  page.querySelector("input[name=envelope]").value = toBase64(envelope);
  const titles = chosen.ticked.map((each) => each.closest("label").querySelector("[data-user]").textContent);
  const said = titles.length ? titles : [page.dataset.nothing];
  part("chosen").replaceChildren(...said.map((title) => Object.assign(document.createElement("li"), { textContent: title })));
  part("reason").textContent = chosen.reason;
  part("tracker").textContent = tracker.match(/.{4}/g).join(" ");
  slip = `${page.dataset.title}\n${said.join("\n")}\n${chosen.reason}\n${page.dataset.slip} ${tracker}\n`;
  part("fill").hidden = true;
  part("check").hidden = false;
  part("check").focus();
}

function back() {
  page.querySelector("input[name=envelope]").value = "";
  slip = "";
  part("check").hidden = true;
  part("fill").hidden = false;
  say(page, "ready");
}

if (canSeal()) {
  part("look").disabled = false;
  part("look").addEventListener("click", look);
  part("back").addEventListener("click", back);
  part("save").addEventListener("click", () => save(`ballot-${page.dataset.poll}.txt`, slip, "text/plain"));
  say(page, "ready");
} else {
  say(page, "blocked");
}

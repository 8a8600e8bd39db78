/* The gate's scanner: one code after the other, on the network or without it.
   Its place in the page is web/scanner.html, which says the endpoint, the shift and all the words. */

import * as queue from "./queue.js";
import { readPhoto, sayWhy, watch, whyNoCamera } from "./reader.js";
import { allowSound, show } from "./verdict.js";

const ANSWER_WITHIN = 7000;
const SAME_CODE_WAITS = 3000;

const root = document.querySelector("[data-scanner]");
const say = root.dataset;
const addresses = { script: say.decoder, wasm: say.wasm };
const account = document.body.dataset.account ?? "";
const part = (name) => root.querySelector(`[data-part=${name}]`);
const panel = document.querySelector("[data-verdict]");

let isBusy = false;
let last = { text: "", seen: 0 };
let camera = null;

const nonce = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`);
const direction = () => root.querySelector("input[name=direction]:checked").value;
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

/* The camera sees one code many times a second: it counts again only after it was away. */
function seen(text) {
  const now = Date.now();
  const isSame = text === last.text && now - last.seen < SAME_CODE_WAITS;
  last = { text, seen: now };
  if (!isSame && !isBusy) scan(text);
}

async function scan(code) {
  isBusy = true;
  const made = { code, direction: direction(), nonce: nonce(), device_time: new Date().toISOString() };
  root.setAttribute("aria-busy", "true");
  const answer = await send(made);
  root.removeAttribute("aria-busy");
  if (answer.isKept) await keep(made, answer.needsSignIn);
  else await show(panel, answer.colour, { sentence: answer.sentence, name: answer.name ?? "", when: answer.when ?? "", where: answer.where ?? "" });
  last.seen = Date.now();
  isBusy = false;
}

async function send(made) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN);
  try {
    const answer = await fetch(say.endpoint, {
      method: "POST",
      credentials: "same-origin",
      signal: patience.signal,
      headers: { "Content-Type": "application/json", "X-CSRFToken": say.csrf, "Idempotency-Key": made.nonce },
      body: JSON.stringify({ ...made, late: false }),
    });
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    // Signed out or busy: the scan itself happened and must not be lost.
    if (answer.status === 401 || answer.redirected) return { isKept: true, needsSignIn: true };
    if (answer.status >= 500 || answer.status === 429) return { isKept: true };
    if (!isJson) return { colour: "red", sentence: say.failed };
    const body = await answer.json();
    const found = body.result ?? body;
    return found.colour ? found : { colour: "red", sentence: found.message ?? say.failed };
  } catch {
    // No network, or it took too long; the same nonce makes a second arrival harmless.
    return { isKept: true };
  } finally {
    clearTimeout(timer);
  }
}

async function keep(made, needsSignIn) {
  try {
    await queue.add({ ...made, account, batch: say.batch });
    await show(panel, "amber", { sentence: needsSignIn ? say.keptSignIn : say.kept, name: "", when: clock(), where: say.title });
  } catch {
    await show(panel, "red", { sentence: say.notKept, name: "", when: "", where: "" });
  }
  await count();
}

async function count() {
  const left = "indexedDB" in window ? (await queue.waiting(account).catch(() => [])).length : 0;
  part("queue").hidden = left === 0;
  part("count").textContent = String(left);
  return left;
}

let isUploading = false;
async function upload() {
  if (isUploading || !(await count()) || !navigator.onLine) return;
  isUploading = true;
  const done = await queue.upload(account, say.csrf);
  isUploading = false;
  await count();
  if (done.sent) {
    part("uploaded").hidden = false;
    part("sent").textContent = String(done.sent);
  }
  if (done.left && [400, 401, 403].includes(done.status)) part("stale").hidden = false;
}

async function startCamera() {
  const finder = part("finder");
  const blocked = whyNoCamera();
  try {
    if (blocked) throw new Error(blocked);
    camera = await watch(part("video"), addresses, seen);
    part("start").hidden = true;
    part("torch").hidden = !camera.torch;
    finder.classList.remove("off");
    sayWhy(root, "");
  } catch (error) {
    const why = blocked || whyNoCamera(error) || "missing";
    finder.classList.add("off");
    part("video").hidden = true;
    sayWhy(root, why);
    part("start").hidden = why === "insecure";
    part("other").open = true;
  }
}

function listen() {
  part("start").addEventListener("click", () => { part("video").hidden = false; startCamera(); });
  let isLit = false;
  part("torch").addEventListener("click", () => { isLit = !isLit; camera.torch(isLit); });
  part("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const text = await readPhoto(file, addresses).catch(() => "");
    event.target.value = "";
    if (text) await scan(text);
    else await show(panel, "red", { sentence: say.noCode, name: "", when: "", where: "" });
  });
  part("typed").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.code;
    const code = field.value.replace(/\s/g, "").toUpperCase();
    if (code.length < 6) { field.setAttribute("aria-invalid", "true"); field.focus(); return; }
    field.removeAttribute("aria-invalid");
    // Before the answer: the next code may be typed while this one is still on its way.
    field.value = "";
    await scan(code);
    field.focus();
  });
  part("upload").addEventListener("click", upload);
  window.addEventListener("online", upload);
  window.addEventListener("pagehide", () => camera?.stop());
  window.addEventListener("pageshow", (event) => { if (event.persisted) startCamera(); });
}

part("needs-script").hidden = true;
part("works").hidden = false;
allowSound();
listen();
startCamera();
upload();
setInterval(upload, 20000);

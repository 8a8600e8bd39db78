/* Opens the page of one of our own codes; nothing is recorded before its reader presses there. */

import { readPhoto, sayWhy, watch, whyNoCamera } from "./reader.js";

const root = document.querySelector("[data-open-code]");
const part = (name) => root.querySelector(`[data-part=${name}]`);
const addresses = { script: root.dataset.decoder, wasm: root.dataset.wasm };
/* Where our codes lead. The host is left aside: printed codes outlive a change of address. */
const OURS = /^\/(q|k|l|s|c|verify|records)\//i;
let camera = null;

function open(text) {
  let address = null;
  try { address = new URL(text); } catch { /* no address at all */ }
  if (!address || !OURS.test(address.pathname)) { part("strange").hidden = false; return; }
  camera?.stop();
  location.assign(address.pathname + address.search + address.hash);
}

async function start() {
  part("strange").hidden = true;
  part("blocked").hidden = true;
  const blocked = whyNoCamera();
  try {
    if (blocked) throw new Error(blocked);
    part("finder").hidden = false;
    part("waiting").hidden = false;
    camera = await watch(part("video"), addresses, open);
    part("start").hidden = true;
  } catch (error) {
    part("finder").hidden = true;
    sayWhy(root, blocked || whyNoCamera(error));
    part("blocked").hidden = false;
    part("photo-field").hidden = false;
    part("start").hidden = !window.isSecureContext;
  }
  part("waiting").hidden = true;
}

part("start").addEventListener("click", start);
part("photo").addEventListener("change", async (event) => {
  const text = await readPhoto(event.target.files[0], addresses).catch(() => "");
  if (text) open(text);
  else part("strange").hidden = false;
});
window.addEventListener("pagehide", () => camera?.stop());
start();

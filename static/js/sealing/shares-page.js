/* An opener's browser decrypts the own shares and puts them into the form; the key stays here. */

import { fromBase64, isEqual, toHex } from "./bytes.js";
import { canSeal, say } from "./content.js";
import { openShare, readHeader } from "./envelope.js";
import { openKeyFile, pointOfFile, rememberedKey } from "./keys.js";

const form = document.querySelector("form[data-shares]");
const part = (name) => form.querySelector(`[data-part="${name}"]`);
const place = Number(form.dataset.place);
const point = fromBase64(form.dataset.point, 65);

async function give(privateKey) {
  say(form, "working");
  const shares = [];
  for (const each of JSON.parse(form.dataset.shares)) {
    const share = await openShare(readHeader(each.header), place, privateKey);
    shares.push({ envelope: each.envelope, share: share && toHex(share) });
  }
  form.elements.shares.value = JSON.stringify(shares);
  part("count").textContent = shares.filter((each) => each.share).length;
  part("broken").hidden = shares.every((each) => each.share);
  part("send").disabled = false;
  say(form, "ready-to-send");
  part("send").focus();
}

async function open() {
  const file = part("file").files[0];
  const text = file ? await file.text() : "";
  const found = pointOfFile(text);
  if (!found) { say(form, "no-file"); return; }
  if (!isEqual(found, point)) { say(form, "other-key"); return; }
  say(form, "working");
  let privateKey;
  try {
    ({ privateKey } = await openKeyFile(text, part("passphrase").value));
  } catch {
    say(form, "wrong-passphrase");
    part("passphrase").focus();
    return;
  }
  await give(privateKey);
}

async function begin() {
  if (!canSeal()) { say(form, "blocked"); return; }
  say(form, "ready");
  part("open").disabled = false;
  part("open").addEventListener("click", open);
  const kept = await rememberedKey(point).catch(() => null);
  if (!kept) return;
  part("kept").hidden = false;
  part("use-kept").addEventListener("click", () => give(kept));
}

begin();

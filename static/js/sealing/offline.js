/* The page that is kept as one file: seal a bid, make a key, decrypt shares, all without network. */

import { fromBase64, toBase64, toHex } from "./bytes.js";
import { canSeal, gather, readBinding, save } from "./content.js";
import { openShare, readHeader, seal } from "./envelope.js";
import { fingerprint, isLongEnough, makeKeyFile, openKeyFile, ownerFile } from "./keys.js";

const at = (id) => document.getElementById(id);
const tell = (id, name) => { at(id).textContent = at(id).dataset[name] ?? ""; };
let bound = null;

function fieldOf([name, kind, label]) {
  const holder = document.createElement("label");
  const field = document.createElement(kind === "long" ? "textarea" : "input");
  if (kind === "files") { field.type = "file"; field.multiple = true; }
  if (kind === "yuan") field.inputMode = "decimal";
  Object.assign(field.dataset, { sealed: name, kind });
  holder.append(label, field);
  return holder;
}

async function readTender(event) {
  bound = null;
  at("fields").replaceChildren();
  try {
    const words = JSON.parse(await event.target.files[0].text());
    bound = readBinding(words, fromBase64);
    at("tender-name").textContent = `${words.title ?? words.subject} · ${words.owner} · ${words.k}/${words.openers.length}`;
    at("fields").replaceChildren(...words.form.map(fieldOf));
    const names = await Promise.all(bound.openers.map(fingerprint));
    at("opener-names").replaceChildren(...names.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
    at("seal-now").disabled = false;
    tell("seal-told", "check");
  } catch {
    at("seal-now").disabled = true;
    tell("seal-told", "unreadable");
  }
}

async function sealNow() {
  const { content, wrong } = await gather([...at("fields").querySelectorAll("[data-sealed]")]);
  if (wrong) { wrong.focus(); tell("seal-told", "wrong"); return; }
  tell("seal-told", "working");
  const { envelope, key } = await seal(content, bound);
  const name = bound.owner.replaceAll(":", "-");
  save(`${name}.sealed`, envelope, "application/octet-stream");
  save(`${name}.key.json`, ownerFile(bound, key));
  tell("seal-told", "done");
}

async function makeKey() {
  const typed = at("new-passphrase").value;
  if (!isLongEnough(typed)) { tell("key-told", "short"); return; }
  if (typed !== at("new-again").value) { tell("key-told", "differs"); return; }
  tell("key-told", "working");
  const { point, text } = await makeKeyFile(typed);
  const name = await fingerprint(point);
  save(`opening-key-${name.slice(0, 9).replace(":", "")}.json`, text);
  at("public-key").value = toBase64(point);
  at("public-name").textContent = name;
  tell("key-told", "done");
}

async function decrypt() {
  try {
    const told = JSON.parse(await at("headers-file").files[0].text());
    tell("shares-told", "working");
    const { point, privateKey } = await openKeyFile(await at("key-file").files[0].text(), at("passphrase").value);
    const mine = toBase64(point);
    const shares = [];
    for (const each of told.envelopes) {
      const place = each.header.openers.indexOf(mine) + 1;
      const share = place ? await openShare(readHeader(each.header), place, privateKey) : null;
      shares.push({ envelope: each.envelope, share: share && toHex(share) });
    }
    at("shares-text").value = JSON.stringify(shares);
    tell("shares-told", "done");
  } catch {
    tell("shares-told", "unreadable");
  }
}

if (canSeal()) {
  at("tender-file").addEventListener("change", readTender);
  at("seal-now").addEventListener("click", sealNow);
  at("make-key").addEventListener("click", makeKey);
  at("decrypt").addEventListener("click", decrypt);
} else {
  at("blocked").hidden = false;
}

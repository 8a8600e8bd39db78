/* Making an opener's key: the file is saved first, only then can the public half be registered. */

import { toBase64 } from "./bytes.js";
import { canSeal, save, say } from "./content.js";
import { fingerprint, isLongEnough, makeKeyFile, openKeyFile, rememberKey } from "./keys.js";

const form = document.querySelector("form[data-key]");
const part = (name) => form.querySelector(`[data-part="${name}"]`);

async function make() {
  const [typed, again] = [part("passphrase").value, part("again").value];
  if (!isLongEnough(typed)) { say(form, "short"); part("passphrase").focus(); return; }
  if (typed !== again) { say(form, "differs"); part("again").focus(); return; }
  say(form, "working");
  const { point, text } = await makeKeyFile(typed);
  if (part("remember").checked) await rememberKey(point, (await openKeyFile(text, typed)).privateKey);
  const name = await fingerprint(point);
  save(`opening-key-${name.slice(0, 9).replace(":", "")}.json`, text);
  form.elements.public_key.value = toBase64(point);
  part("fingerprint").textContent = name;
  for (const each of ["passphrase", "again"]) part(each).value = "";
  part("send").disabled = false;
  say(form, "made");
  part("send").focus();
}

if (canSeal()) {
  part("make").disabled = false;
  part("make").addEventListener("click", make);
  say(form, "ready");
} else {
  say(form, "blocked");
}

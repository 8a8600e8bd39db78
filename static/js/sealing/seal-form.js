/* A form whose marked fields are sealed in this browser; only the sealed envelope is sent. */

import { fromBase64 } from "./bytes.js";
import { canSeal, gather, readBinding, save, say } from "./content.js";
import { seal } from "./envelope.js";
import { ownerFile } from "./keys.js";

function begin(form) {
  if (!canSeal()) { say(form, "blocked"); return; }
  const binding = readBinding(JSON.parse(form.dataset.seal), fromBase64);
  const fields = [...form.querySelectorAll("[data-sealed]")];
  const [first, again, send] = ["first", "again", "send"].map((name) => form.querySelector(`[data-act="${name}"]`));
  let keyFile = "";
  const keep = () => save(`${binding.owner.replaceAll(":", "-")}.key.json`, keyFile);
  const unsealed = () => { keyFile = ""; form.elements.envelope.value = ""; send.disabled = true; say(form, "ready"); };

  first.disabled = false;
  say(form, "ready");
  for (const each of fields) each.addEventListener("input", unsealed);
  first.addEventListener("click", async () => {
    const { content, wrong } = await gather(fields);
    if (wrong) { say(form, "wrong"); wrong.focus(); return; }
    say(form, "working");
    const { envelope, key } = await seal(content, binding);
    const all = new DataTransfer();
    all.items.add(new File([envelope], "envelope.sealed", { type: "application/octet-stream" }));
    form.elements.envelope.files = all.files;
    keyFile = ownerFile(binding, key);
    keep();
    again.hidden = false;
    say(form, "sealed");
    send.disabled = false;
    form.dataset.sealedBytes = envelope.length;
    send.focus();
  });
  again.addEventListener("click", keep);
}

for (const form of document.querySelectorAll("form[data-seal]")) begin(form);

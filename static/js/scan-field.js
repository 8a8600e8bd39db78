/* A field that a code may fill: [data-scan-field] holds the button and the camera, its form sends. */

import { readPhoto, sayWhy, watch, whyNoCamera } from "./reader.js";

for (const root of document.querySelectorAll("[data-scan-field]")) {
  const addresses = { script: root.dataset.decoder, wasm: root.dataset.wasm };
  const field = document.getElementById(root.dataset.scanField);
  const video = root.querySelector("video");
  const button = root.querySelector("button");
  const fill = (text) => {
    field.value = text;
    navigator.vibrate?.(90);
    if (root.dataset.send !== undefined) field.form.requestSubmit();
  };
  root.hidden = false;
  root.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const text = await readPhoto(event.target.files[0], addresses).catch(() => "");
    if (text) fill(text);
    else root.querySelector("[data-part=none]").hidden = false;
  });
  button.addEventListener("click", async () => {
    let camera = null;
    root.querySelector("[data-part=blocked]").hidden = true;
    const blocked = whyNoCamera();
    try {
      if (blocked) throw new Error(blocked);
      video.parentElement.hidden = false;
      root.querySelector("[data-part=waiting]").hidden = false;
      camera = await watch(video, addresses, (text) => { camera?.stop(); video.parentElement.hidden = true; fill(text); });
    } catch (error) {
      video.parentElement.hidden = true;
      sayWhy(root, blocked || whyNoCamera(error));
      root.querySelector("[data-part=blocked]").hidden = false;
      root.querySelector("label").hidden = false;
    }
    root.querySelector("[data-part=waiting]").hidden = true;
  });
}

/* A field that a code may fill: [data-scan-field] holds the button and the camera, its form sends. */

import { readPhoto, watch, whyNoCamera } from "./reader.js";

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
    else root.querySelector("[data-why=none]").hidden = false;
  });
  button.addEventListener("click", async () => {
    let camera = null;
    try {
      if (whyNoCamera()) throw new Error("camera");
      video.parentElement.hidden = false;
      root.querySelector("[data-why=waiting]").hidden = false;
      camera = await watch(video, addresses, (text) => { camera?.stop(); video.parentElement.hidden = true; fill(text); });
    } catch {
      video.parentElement.hidden = true;
      root.querySelector("[data-why=camera]").hidden = false;
      root.querySelector("label").hidden = false;
    }
    root.querySelector("[data-why=waiting]").hidden = true;
  });
}

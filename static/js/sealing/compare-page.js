/* Compares a downloaded sealing page with the hash in the public log; works on plain http too. */

import { hex, sha256 } from "../verify/hash.js";
import { say } from "./content.js";

const root = document.querySelector("[data-compare]");
root.hidden = false;

root.querySelector("input[type=file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const found = hex(sha256(new Uint8Array(await file.arrayBuffer())));
  root.querySelector("[data-part=found]").textContent = found;
  say(root, found === root.dataset.compare ? "same" : "different");
});

/* A bid is sealed on this device: the site gets ciphertext, the bidder keeps the key file. */

import { fromBase64, toBase64, utf8 } from "./sealing/bytes.js";
import { seal } from "./sealing/envelope.js";
import { ownerFile } from "./sealing/keys.js";

const YUAN = /^([0-9]{1,13})(?:\.([0-9]{1,2}))?$/;
const LIFE = 60000;

/* Reads an amount in yuan as whole fen; null when it is none. */
function readFen(text) {
  const [, whole, cents = ""] = YUAN.exec(text.trim()) ?? [];
  return whole === undefined ? null : Number(whole) * 100 + Number(cents.padEnd(2, "0"));
}

/* The bid as community/micro_projects/rules/bids.py reads it. */
async function writeBid(root, price, proposal, files) {
  const told = [];
  for (const file of files) told.push({ base64: toBase64(new Uint8Array(await file.arrayBuffer())), name: file.name.slice(0, 120) });
  return utf8(JSON.stringify({
    bidder: Number(root.dataset.bidder), files: told, format: "community-bid/v1", price_fen: price, proposal, tender: Number(root.dataset.tender),
  }));
}

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LIFE);
}

class SealedBid {
  constructor(root) {
    this.root = root;
    this.problem = root.querySelector("[data-problem]");
    this.sending = root.querySelector("[data-send]");
    root.querySelector("[data-seal]").addEventListener("click", () => this.seal());
    // What is typed after sealing is not what would be sent.
    root.addEventListener("input", (event) => { if (!this.sending.contains(event.target)) this.sending.hidden = true; });
  }

  say(name) {
    this.problem.hidden = !name;
    if (!name) return;
    this.problem.querySelector("output").textContent = this.root.querySelector(`[data-sentence="${name}"]`).innerHTML;
    this.problem.scrollIntoView({ block: "center" });
  }

  /* What is wrong with what was typed; empty when nothing is. */
  wrong(price, proposal, files) {
    const { ceiling, mostFiles, mostBytes } = this.root.dataset;
    if (!price || price > Number(ceiling)) return "price";
    if (proposal.length < 4) return "proposal";
    const size = files.reduce((sum, each) => sum + each.size, 0);
    return files.length > Number(mostFiles) || size > Number(mostBytes) ? "files" : "";
  }

  async seal() {
    const field = (name) => this.root.querySelector(`[name="${name}"]`);
    const [price, proposal, files] = [readFen(field("price").value), field("proposal").value.trim(), [...field("files").files]];
    const found = this.wrong(price, proposal, files);
    this.say(found);
    if (found) return;
    try {
      const told = JSON.parse(this.root.dataset.binding);
      const binding = { ...told, openers: told.openers.map((each) => fromBase64(each)) };
      const { envelope, key } = await seal(await writeBid(this.root, price, proposal, files), binding);
      const chosen = new DataTransfer();
      chosen.items.add(new File([envelope], "bid.sealed"));
      this.sending.querySelector('[name="envelope"]').files = chosen.files;
      save(`bid-${this.root.dataset.tender}-key.json`, ownerFile(binding, key));
      this.sending.hidden = false;
      this.sending.scrollIntoView({ block: "center" });
    } catch (error) {
      this.say("failed");
      throw error;
    }
  }
}

for (const root of document.querySelectorAll("[data-seal-bid]")) new SealedBid(root);

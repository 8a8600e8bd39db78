/* The page /verify: reads a notice's code, a receipt or an audit pack and shows one verdict.
   All sentences stand in the page; this file only chooses and fills them. */

import { readPhoto } from "../reader.js";
import { hex, isSame } from "./hash.js";
import { openBallotReceipt, openBidReceipt, openCheckpoint, readBallotReceipt, readBidCode, readBidReceipt, readKeys, readPaper, readReceipt } from "./note.js";
import { readZip, verifyPack } from "./pack.js";
import { consistencyFromTiles, isConsistent, isIncluded, leafHash, rootFromEntries } from "./tree.js";

const root = document.querySelector("[data-verify]");
const decoder = { script: root.dataset.decoder, wasm: root.dataset.wasm };
const keyField = root.querySelector("textarea");
const MOST_IN_BROWSER = 300 * 2 ** 20;
/* Some two megabytes, which a phone on mobile data reads in seconds. */
const MOST_BUNDLES = 20;

function show(verdict, facts = {}) {
  for (const card of root.querySelectorAll("[data-verdict]")) card.hidden = card.dataset.verdict !== verdict;
  const card = root.querySelector(`[data-verdict="${verdict}"]`);
  for (const [name, value] of Object.entries(facts)) {
    for (const place of card.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = value;
  }
  const items = card.querySelector("ul");
  if (items) items.replaceChildren(...(facts.items ?? []).slice(0, 50).map((item) => Object.assign(document.createElement("li"), { textContent: item })));
  root.dataset.shown = verdict;
  card.focus();
}

/* Where the log of an origin lies: on this site, under the last word of its name. */
const addressOf = (origin) => `/log/${encodeURIComponent(origin.slice(origin.lastIndexOf("/") + 1))}`;

async function get(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(address);
  return new Uint8Array(await answer.arrayBuffer());
}

const getText = async (address) => new TextDecoder().decode(await get(address));

/* The keys of a log: those typed here, else the site's, else those this browser saw before. */
async function keysOf(origin) {
  const typed = readKeys(keyField.value);
  if (typed.length) return typed;
  const place = `log-keys:${origin}`;
  try {
    const text = await getText(`${addressOf(origin)}/keys.txt`);
    localStorage.setItem(place, text);
    return readKeys(text);
  } catch {
    return readKeys(localStorage.getItem(place) ?? "");
  }
}

async function checkPaper(paper) {
  const facts = { origin: paper.origin, size: paper.size, root: hex(paper.root) };
  show("working");
  const keys = await keysOf(paper.origin);
  if (!keys.length) { show("no-answer", facts); return; }
  if (!paper.size || !(await openCheckpoint(paper.note, keys))) { show("not-signed", facts); return; }
  const address = addressOf(paper.origin);
  const done = root.querySelector("[data-progress]");
  const fetchTile = (path) => get(`${address}/${path}`);
  let now;
  let proof;
  let made;
  try {
    now = await openCheckpoint(await getText(`${address}/checkpoint`), keys);
    if (!now || now.origin !== paper.origin) { show("site-not-signed", facts); return; }
    facts.now = now.size;
    if (now.size < paper.size) { show("shorter", facts); return; }
    proof = await consistencyFromTiles(paper.size, now.size, fetchTile);
    if (!isConsistent(paper.size, now.size, paper.root, now.root, proof)) { show("changed", facts); return; }
    made = await rootFromEntries(paper.size, MOST_BUNDLES, fetchTile, (size, whole) => { done.textContent = `${size} / ${whole}`; });
  } catch {
    show("no-answer", facts);
    return;
  }
  // The signed roots may agree while the text that people read was changed under them.
  if (made && isSame(made.root, paper.root)) show("unchanged", { ...facts, read: made.read });
  else show("text-changed", facts);
}

async function checkReceipt(receipt) {
  const [origin] = receipt.note.split("\n");
  const keys = await keysOf(origin);
  if (!keys.length) { show("no-answer", { origin }); return; }
  const checkpoint = await openCheckpoint(receipt.note, keys);
  const facts = { origin, index: receipt.index, record: new TextDecoder().decode(receipt.record) };
  if (!checkpoint) { show("receipt-changed", facts); return; }
  const holds = isIncluded(receipt.index, checkpoint.size, leafHash(receipt.record), checkpoint.root, receipt.proof);
  show(holds ? "receipt-holds" : "receipt-changed", { ...facts, size: checkpoint.size });
}

/* Where a poll's published ballots lie: under the community that its log is named after. */
const ballotsOf = (origin, poll) => `/c/${encodeURIComponent(origin.slice(origin.lastIndexOf("/") + 1))}/polls/${Number(poll)}/recount.json`;

async function checkBallot(receipt) {
  const [, origin] = receipt.note.split("\n");
  const keys = await keysOf(origin ?? "");
  if (!keys.length) { show("no-answer", { origin }); return; }
  const opened = await openBallotReceipt(receipt, keys);
  const facts = { origin, record: new TextDecoder().decode(receipt.ballot) };
  if (!opened) { show("ballot-changed", facts); return; }
  const { sealed } = opened.ballot;
  facts.tracker = sealed ?? opened.ballot.tracker;
  let told;
  try {
    told = JSON.parse(await getText(ballotsOf(origin, opened.ballot.poll)));
  } catch {
    show(sealed ? "sealed-waits" : "ballot-waits", facts);
    return;
  }
  if (sealed) { show(told.envelopes?.includes(sealed) ? "sealed-counted" : "sealed-missing", facts); return; }
  const said = JSON.stringify(opened.ballot.ballot);
  const isThere = told.ballots.some(([tracker, pairs]) => tracker === facts.tracker && JSON.stringify(pairs) === said);
  show(isThere ? "ballot-counted" : "ballot-missing", facts);
}

/* Where a tender's opened bids lie, as a list. */
const bidsOf = (origin, tender) => `/c/${encodeURIComponent(origin.slice(origin.lastIndexOf("/") + 1))}/projects/tenders/${Number(tender)}/opening.json`;

async function checkBid(receipt) {
  const [, origin] = receipt.note.split("\n");
  const keys = await keysOf(origin ?? "");
  if (!keys.length) { show("no-answer", { origin }); return; }
  const opened = await openBidReceipt(receipt, keys);
  const facts = { origin, commitment: hex(receipt.commitment), tender: opened?.tender };
  if (!opened) { show("bid-changed", facts); return; }
  let told;
  try {
    told = JSON.parse(await getText(bidsOf(origin, opened.tender)));
  } catch {
    show("bid-waits", facts);
    return;
  }
  const salt = receipt.salt && hex(receipt.salt);
  const isThere = told.bids.some((bid) => bid.commitment === facts.commitment && (!salt || bid.salt === salt));
  show(isThere ? "bid-listed" : "bid-missing", facts);
}

async function checkPack(content) {
  const files = readZip(content);
  if (!files?.has("contents.json")) { show("unreadable"); return; }
  show("working");
  const done = root.querySelector("[data-progress]");
  const result = await verifyPack(files, readKeys(keyField.value), (size, whole) => { done.textContent = `${size} / ${whole}`; });
  if (!result.checkpoint) { show("pack-not-signed", { items: result.broken }); return; }
  const { origin, size, root: signed } = result.checkpoint;
  show(result.broken.length ? "pack-changed" : "pack-holds", { origin, size, root: hex(signed), older: result.older, transactions: result.transactions, items: result.broken });
}

async function checkFile(file) {
  if (file.size > MOST_IN_BROWSER) { show("too-large"); return; }
  if (file.type.startsWith("image/")) {
    const paper = readPaper(await readPhoto(file, decoder).catch(() => ""));
    if (paper) await checkPaper(paper); else show("no-code");
    return;
  }
  const content = new Uint8Array(await file.arrayBuffer());
  if (content[0] === 0x50 && content[1] === 0x4b) { await checkPack(content); return; }
  await checkText(new TextDecoder().decode(content));
}

async function checkText(text) {
  const [, code] = /(?:^|#)bid=([A-Za-z0-9_-]{1,4000})$/.exec(text.trim()) ?? [];
  const handed = code && readBidCode(code);
  if (handed) { await checkBid(handed); return; }
  const voted = readBallotReceipt(text);
  if (voted) { await checkBallot(voted); return; }
  const bid = readBidReceipt(text);
  if (bid) { await checkBid(bid); return; }
  const receipt = readReceipt(text);
  if (receipt) { await checkReceipt(receipt); return; }
  const paper = readPaper(text);
  if (paper) await checkPaper(paper); else show("unreadable");
}

const guarded = (act) => (...values) => act(...values).catch(() => show("unreadable"));
const openFile = guarded(checkFile);
const openText = guarded(checkText);

root.querySelector("input[type=file]").addEventListener("change", (event) => { if (event.target.files[0]) openFile(event.target.files[0]); });
root.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); openText(new FormData(event.target).get("code")); });
root.addEventListener("dragover", (event) => event.preventDefault());
root.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) openFile(event.dataTransfer.files[0]); });
const fromAddress = () => { if (location.hash.length > 1) openText(location.hash.slice(1)); };
window.addEventListener("hashchange", fromAddress);
root.hidden = false;
fromAddress();

/* Signed notes, checkpoints, receipts and the code of a printed notice, as the Python rules read
   them. Each reader returns null for what it cannot read. */

import { isSigned } from "./ed25519.js";
import { fromBase64, hex, join, sha256 } from "./hash.js";

const encode = (text) => new TextEncoder().encode(text);
const ED25519 = 1;
const COSIGNATURE = 4;

export function readKey(line) {
  const [name, id, ...rest] = line.trim().split("+");
  const content = fromBase64(rest.join("+"));
  if (!name || /\s/.test(name) || content?.length !== 33) return null;
  const key = { name, id, kind: content[0], bytes: content.slice(1), line: line.trim() };
  const expected = hex(sha256(join(encode(`${name}\n`), content)).slice(0, 4));
  return id === expected && [ED25519, COSIGNATURE].includes(key.kind) ? key : null;
}

export const readKeys = (text) => text.split("\n").filter((line) => line.trim() && !line.startsWith("#")).map(readKey).filter(Boolean);

export function readNote(whole) {
  const gap = whole.lastIndexOf("\n\n");
  if (gap < 0 || !whole.endsWith("\n") || gap + 2 === whole.length || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) return null;
  const signatures = [];
  for (const line of whole.slice(gap + 2, -1).split("\n")) {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
    const content = encoded && fromBase64(encoded);
    if (!content || content.length < 5 || signatures.length === 100) return null;
    signatures.push({ name, id: hex(content.slice(0, 4)), bytes: content.slice(4) });
  }
  return { text: whole.slice(0, gap + 1), signatures };
}

export function readCheckpoint(text) {
  const [origin, size, root, ...more] = text.split("\n");
  const bytes = root && fromBase64(root);
  if (!origin || !/^(0|[1-9][0-9]{0,15})$/.test(size ?? "") || bytes?.length !== 32 || more.pop() !== "" || more.includes("")) return null;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root: bytes, more } : null;
}

async function holds(key, text, signature) {
  if (key.name !== signature.name || key.id !== signature.id) return false;
  if (key.kind === ED25519) return isSigned(key.bytes, encode(text), signature.bytes);
  if (signature.bytes.length !== 72) return false;
  const at = new DataView(signature.bytes.slice(0, 8).buffer).getBigUint64(0);
  return isSigned(key.bytes, encode(`cosignature/v1\ntime ${at}\n${text}`), signature.bytes.slice(8));
}

/* A checkpoint signed by the log itself with one of these keys; null when it is not. */
export async function openCheckpoint(whole, keys) {
  const note = readNote(whole);
  const checkpoint = note && readCheckpoint(note.text);
  if (!checkpoint) return null;
  const own = note.signatures.filter((one) => one.name === checkpoint.origin);
  for (const signature of own) {
    for (const key of keys) if (await holds(key, note.text, signature)) return { ...checkpoint, key, note: whole };
  }
  return null;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function fromBase32(text) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const sign of text) {
    const number = BASE32.indexOf(sign);
    if (number < 0) return null;
    value = (value << 5) | number;
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes.push((value >> bits) & 255); value &= (1 << bits) - 1; }
  }
  return value === 0 ? Uint8Array.from(bytes) : null;
}

/* Reads a notice's code (an address or what follows its #) as the signed note it was printed from. */
export function readPaper(code) {
  const content = fromBase32(code.trim().slice(code.trim().lastIndexOf("#") + 1).toUpperCase());
  if (!content || content.length <= 109 || content[0] !== 1) return null;
  const size = new DataView(content.buffer).getBigUint64(1);
  const names = new TextDecoder().decode(content.slice(109)).split("\n");
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const text = [names[0], size, base64(content.slice(9, 41)), ...names.slice(1), ""].join("\n");
  const checkpoint = readCheckpoint(text);
  return checkpoint && { ...checkpoint, note: `${text}\n— ${names[0]} ${base64(content.slice(41, 109))}\n` };
}

/* A receipt of a commitment: a title, two parts in base64, and a signed note. */
function readTitled(whole, wanted, names) {
  const gap = whole.indexOf("\n\n");
  const [title, ...lines] = whole.slice(0, gap).split("\n");
  if (gap < 0 || title !== wanted || lines.length !== names.length) return null;
  const parts = lines.map((line, place) => line.startsWith(`${names[place]} `) && fromBase64(line.slice(names[place].length + 1)));
  return parts.every(Boolean) ? { parts, note: whole.slice(gap + 2) } : null;
}

/* What the log itself signed a commitment for, and the commitment in base64; null when it did not. */
async function openCommitment(signed, keys) {
  const note = readNote(signed);
  const [title, origin, subject, , commitment, , end] = note?.text.split("\n") ?? [];
  if (title !== "community-private-receipt/v1" || end !== "") return null;
  for (const signature of note.signatures.filter((one) => one.name === origin)) {
    for (const key of keys) if (await holds(key, note.text, signature)) return { origin, subject, commitment };
  }
  return null;
}

const inBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

/* A voter's receipt: the ballot, its salt, and a signed note over the commitment to both. */
export function readBallotReceipt(whole) {
  const read = readTitled(whole, "community-ballot-receipt/v1", ["ballot", "salt"]);
  return read && { ballot: read.parts[0], salt: read.parts[1], note: read.note };
}

/* The ballot, when the log itself signed a commitment to it in its own poll; null when not. */
export async function openBallotReceipt(receipt, keys) {
  const opened = await openCommitment(receipt.note, keys);
  if (opened?.commitment !== inBase64(sha256(join(receipt.salt, receipt.ballot)))) return null;
  let ballot;
  try { ballot = JSON.parse(new TextDecoder().decode(receipt.ballot)); } catch { return null; }
  return opened.subject === `poll:${ballot.poll}` ? { origin: opened.origin, ballot } : null;
}

/* A bidder's receipt: the envelope's commitment, its salt, and a signed note over the commitment. */
export function readBidReceipt(whole) {
  const read = readTitled(whole, "community-bid-receipt/v1", ["commitment", "salt"]);
  return read && { commitment: read.parts[0], salt: read.parts[1], note: read.note };
}

/* The code on a bidder's page: the signed note alone, for beside its salt a price could be tried. */
export function readBidCode(code) {
  let note;
  try { note = new TextDecoder().decode(Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0))); } catch { return null; }
  const commitment = fromBase64(note.split("\n")[4] ?? "");
  return commitment && { commitment, salt: null, note };
}

/* The tender, when the log itself signed this commitment for one; null when not. */
export async function openBidReceipt(receipt, keys) {
  const opened = await openCommitment(receipt.note, keys);
  const [, tender] = /^tender:([0-9]{1,15})$/.exec(opened?.subject ?? "") ?? [];
  if (!tender || opened.commitment !== inBase64(receipt.commitment)) return null;
  return { origin: opened.origin, tender: Number(tender) };
}

export function readReceipt(whole) {
  const gap = whole.indexOf("\n\n");
  const [title, extra, index, ...hashes] = whole.slice(0, gap).split("\n");
  const record = extra?.startsWith("extra ") && fromBase64(extra.slice(6));
  const [, number] = /^index (0|[1-9][0-9]{0,15})$/.exec(index ?? "") ?? [];
  const proof = hashes.map(fromBase64);
  if (gap < 0 || title !== "c2sp.org/tlog-proof@v1" || !record || !number || proof.includes(null) || proof.length > 63) return null;
  return { record, index: Number(number), proof, note: whole.slice(gap + 2) };
}

/* An audit pack in the browser: every file against the list, every entry and tile against the
   signed root, every older checkpoint, the books re-added and the papers behind them. */

import { RecordReader } from "./audit.js";
import { hex, isSame, join, sha256 } from "./hash.js";
import { openCheckpoint, readKeys } from "./note.js";
import { bundlePaths, grow, leafHash, readEntries, rootOf, stackRoot, tilePath, tilePaths } from "./tree.js";

const decode = (bytes) => new TextDecoder().decode(bytes);
const EVERY = 40;

/* The files of a ZIP that stores them as they are; null when it is none, or one packed anew. */
export function readZip(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const end = content.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return null;
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0) return null;
    const size = view.getUint32(at + 20, true);
    const length = view.getUint16(at + 28, true);
    const head = view.getUint32(at + 42, true);
    const name = decode(content.subarray(at + 46, at + 46 + length));
    const start = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
    if (files.has(name)) return null;
    files.set(name, content.subarray(start, start + size));
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

function checkList(files, broken) {
  const listed = new Map(Object.entries(JSON.parse(decode(files.get("contents.json"))).files));
  for (const name of new Set([...listed.keys(), ...files.keys()])) {
    if (name === "contents.json") continue;
    if (!files.has(name) || !listed.has(name) || hex(sha256(files.get(name))) !== listed.get(name)) broken.push(name);
  }
}

function* bundlesOf(files, size, broken) {
  for (const { number, path } of bundlePaths(size)) {
    const records = files.has(`log/${path}`) ? readEntries(files.get(`log/${path}`)) : null;
    if (records?.length !== Math.min(256, size - number * 256)) { broken.push(`log/${path}`); return; }
    yield { number, path, records };
  }
}

/* The record at a place, read again: reversals are rare, so originals are not kept. */
function recordAt(files, size, place) {
  const number = Math.floor(place / 256);
  const path = tilePath("entries", number, Math.min(256, size - number * 256));
  return readEntries(files.get(`log/${path}`))[place % 256];
}

/* Returns {checkpoint, broken, older, transactions}; checkpoint is null when no key signed it. */
export async function verifyPack(files, given, onProgress) {
  const broken = [];
  checkList(files, broken);
  const keys = given.length ? given : readKeys(decode(files.get("keys.txt") ?? new Uint8Array()));
  const checkpoint = await openCheckpoint(decode(files.get("log/checkpoint") ?? new Uint8Array()), keys);
  if (!checkpoint) return { checkpoint, broken, older: 0 };
  const older = new Map();
  for (const name of files.keys()) {
    if (!name.startsWith("log/checkpoints/")) continue;
    const one = await openCheckpoint(decode(files.get(name)), keys);
    if (!one || one.origin !== checkpoint.origin || one.size > checkpoint.size) broken.push(name);
    else older.set(one.size, { name, root: one.root });
  }
  const reader = new RecordReader((name) => broken.push(name), (place) => recordAt(files, checkpoint.size, place));
  await walk(files, checkpoint, older, broken, onProgress, reader);
  reader.checkEnd();
  reader.papers.checkFiles(files);
  return { checkpoint, broken: [...new Set(broken)], older: older.size, transactions: reader.books.places.size };
}

async function walk(files, checkpoint, older, broken, onProgress, reader) {
  const stack = [];
  const rows = [[]];
  let size = 0;
  for (const { number, path, records } of bundlesOf(files, checkpoint.size, broken)) {
    const tile = files.get(`log/${path.replace("entries", "0")}`) ?? new Uint8Array();
    for (const [place, record] of records.entries()) {
      const leaf = leafHash(record);
      reader.take(size, record);
      // Either may have been changed; the root tells which, and both are named.
      if (!isSame(leaf, tile.subarray(32 * place, 32 * place + 32))) broken.push(`log/${path} · ${size}`);
      grow(stack, size, leaf);
      size += 1;
      const old = older.get(size);
      if (old && !isSame(old.root, stackRoot(stack))) broken.push(old.name);
      rows[0].push(leaf);
    }
    if (number % EVERY === 0) {
      onProgress(size, checkpoint.size);
      await new Promise((next) => { setTimeout(next); });
    }
  }
  for (let level = 1; rows[level - 1].length >= 256; level += 1) {
    const below = rows[level - 1];
    rows.push(Array.from({ length: Math.floor(below.length / 256) }, (_, place) => rootOf(below.slice(256 * place, 256 * place + 256))));
  }
  for (const { level, number, path } of tilePaths(checkpoint.size)) {
    const expected = join(...(rows[level] ?? []).slice(256 * number, 256 * number + 256));
    const found = files.get(`log/${path}`);
    if (!found || !isSame(found, expected)) broken.push(`log/${path}`);
  }
  if (size === checkpoint.size && !isSame(stackRoot(stack), checkpoint.root)) broken.push("log/checkpoint");
}

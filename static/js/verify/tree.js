/* The tree of RFC 6962 and its C2SP tiles: roots, inclusion, and consistency from tiles. */

import { isSame, join, sha256 } from "./hash.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const WIDTH = 256;
export const leafHash = (record) => sha256(join(LEAF, record));
export const nodeHash = (left, right) => sha256(join(NODE, left, right));

/* Adds a leaf to a tree kept as its perfect subtrees from left to right. */
export function grow(stack, size, leaf) {
  let hash = leaf;
  for (let left = size; left % 2 === 1; left = Math.floor(left / 2)) hash = nodeHash(stack.pop(), hash);
  stack.push(hash);
}

export function stackRoot(stack) {
  return stack.length ? stack.reduceRight((root, left) => nodeHash(left, root)) : sha256(new Uint8Array());
}

export function rootOf(hashes) {
  const stack = [];
  hashes.forEach((hash, place) => grow(stack, place, hash));
  return stackRoot(stack);
}

/* RFC 9162 section 2.1.3.2. */
export function isIncluded(index, size, leaf, root, proof) {
  if (!(index >= 0 && index < size) || [leaf, ...proof].some((one) => one.length !== 32)) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  const up = () => { place = Math.floor(place / 2); last = Math.floor(last / 2); };
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place !== 0 && place % 2 === 0) up();
    } else {
      hash = nodeHash(hash, sibling);
    }
    up();
  }
  return last === 0 && isSame(hash, root);
}

export function tilePath(level, number, width = WIDTH) {
  const parts = [String(number % 1000).padStart(3, "0")];
  for (let left = Math.floor(number / 1000); left > 0; left = Math.floor(left / 1000)) parts.unshift(`x${String(left % 1000).padStart(3, "0")}`);
  return `tile/${level}/${parts.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}

export function* bundlePaths(size) {
  for (let number = 0; number * WIDTH < size; number += 1) yield { number, path: tilePath("entries", number, Math.min(WIDTH, size - number * WIDTH)) };
}

export function* tilePaths(size) {
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / WIDTH)) {
    for (let number = 0; number * WIDTH < count; number += 1) yield { level, number, path: tilePath(level, number, Math.min(WIDTH, count - number * WIDTH)) };
  }
}

/* The records of an entry bundle; null when it ends in the middle of one. */
export function readEntries(bundle) {
  const records = [];
  let at = 0;
  while (at < bundle.length) {
    const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
    if (!(end <= bundle.length)) return null;
    records.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return records;
}

/* Reads perfect subtrees' hashes of a log of `size` from its tiles, each fetched once. */
function nodeReader(size, readTile) {
  const tiles = new Map();
  return async (level, index) => {
    const row = Math.floor(level / 8);
    const span = 2 ** (level % 8);
    const number = Math.floor((index * span) / WIDTH);
    const path = tilePath(row, number, Math.min(WIDTH, Math.floor(size / WIDTH ** row) - number * WIDTH));
    if (!tiles.has(path)) tiles.set(path, await readTile(path));
    const start = ((index * span) % WIDTH) * 32;
    const part = tiles.get(path).subarray(start, start + span * 32);
    if (part.length !== span * 32) throw new Error(path);
    return rootOf(Array.from({ length: span }, (_, place) => part.subarray(place * 32, place * 32 + 32)));
  };
}

async function rangeHash(start, end, nodeAt) {
  const stack = [];
  for (let level = 52, at = start; level >= 0; level -= 1) {
    if (Math.floor((end - start) / 2 ** level) % 2 === 1) {
      stack.push(await nodeAt(level, at / 2 ** level));
      at += 2 ** level;
    }
  }
  return stackRoot(stack);
}

/* The proof that a log of `second` begins with its first entries, made from its tiles. */
export async function consistencyFromTiles(first, second, readTile) {
  const nodeAt = nodeReader(second, readTile);
  const proof = [];
  let [start, end, isWhole] = [0, second, true];
  while (first !== end) {
    let half = 1;
    while (half * 2 < end - start) half *= 2;
    const middle = start + half;
    if (first <= middle) {
      proof.unshift(await rangeHash(middle, end, nodeAt));
      end = middle;
    } else {
      proof.unshift(await rangeHash(start, middle, nodeAt));
      start = middle;
      isWhole = false;
    }
  }
  if (!isWhole) proof.unshift(await rangeHash(start, end, nodeAt));
  return proof;
}

/* RFC 9162 section 2.1.4.2; a first size of 0 proves nothing. */
export function isConsistent(first, second, firstRoot, secondRoot, proof) {
  if (!(first > 0 && first <= second)) return false;
  if (first === second) return proof.length === 0 && isSame(firstRoot, secondRoot);
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : [...proof];
  if (!proof.length || path.some((one) => one.length !== 32)) return false;
  let place = first - 1;
  let last = second - 1;
  const up = () => { place = Math.floor(place / 2); last = Math.floor(last / 2); };
  while (place % 2 === 1) up();
  let [old, whole] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = nodeHash(sibling, old);
      whole = nodeHash(sibling, whole);
      while (place !== 0 && place % 2 === 0) up();
    } else {
      whole = nodeHash(whole, sibling);
    }
    up();
  }
  return last === 0 && isSame(old, firstRoot) && isSame(whole, secondRoot);
}

/* The root of a log of `size`, made from the text of its newest records (at most `most` bundles of
   256) and of the hashes of those before them; null when a bundle lacks records. `read` tells how
   many records were read. */
export async function rootFromEntries(size, most, readTile, onProgress) {
  const whole = Math.floor(size / WIDTH);
  const first = Math.max(0, Math.ceil(size / WIDTH) - most);
  const [stack, last] = [[], []];
  for (let start = 0; start < first; start += WIDTH) {
    const width = Math.min(WIDTH, whole - start);
    const tile = await readTile(tilePath(1, start / WIDTH, width));
    if (tile.length !== width * 32) return null;
    for (let place = 0; place < Math.min(width, first - start); place += 1) grow(stack, start + place, tile.subarray(place * 32, place * 32 + 32));
  }
  for (let number = first; number * WIDTH < size; number += 1) {
    const width = Math.min(WIDTH, size - number * WIDTH);
    const leaves = readEntries(await readTile(tilePath("entries", number, width)))?.map(leafHash);
    if (leaves?.length !== width) return null;
    if (number < whole) grow(stack, number, rootOf(leaves));
    else leaves.forEach((leaf, place) => grow(last, place, leaf));
    onProgress(number * WIDTH + width, size);
  }
  return { root: stackRoot([...stack, ...last]), read: size - first * WIDTH };
}

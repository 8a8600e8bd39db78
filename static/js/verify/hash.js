/* SHA-256 and SHA-512 in plain JavaScript: the browser's own exist only on https, and wait a
   turn for every hash, which is too slow for a tree of a hundred thousand leaves. */

function fractions(count, root, bits) {
  const found = [];
  for (let prime = 2n; found.length < count; prime += 1n) {
    let isPrime = true;
    for (let by = 2n; by * by <= prime; by += 1n) if (prime % by === 0n) { isPrime = false; break; }
    if (!isPrime) continue;
    const scaled = prime << (root * bits);
    let low = 0n;
    let high = 1n << (bits + 5n);
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** root <= scaled) low = middle; else high = middle - 1n;
    }
    found.push(low & ((1n << bits) - 1n));
  }
  return found;
}

const K256 = Uint32Array.from(fractions(64, 3n, 32n), Number);
const H256 = Uint32Array.from(fractions(8, 2n, 32n), Number);
const K512 = fractions(80, 3n, 64n);
const H512 = fractions(8, 2n, 64n);
const words = new Uint32Array(64);
const turn = (word, by) => (word >>> by) | (word << (32 - by));

function padded(content, block, lengthBytes) {
  const whole = new Uint8Array(Math.ceil((content.length + 1 + lengthBytes) / block) * block);
  whole.set(content);
  whole[content.length] = 0x80;
  new DataView(whole.buffer).setBigUint64(whole.length - 8, BigInt(content.length) * 8n);
  return whole;
}

function mix(state, view, at) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const a = words[i - 15];
    const b = words[i - 2];
    words[i] = words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K256[i] + words[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

export function sha256(content) {
  const whole = padded(content, 64, 8);
  const view = new DataView(whole.buffer);
  const state = Uint32Array.from(H256);
  for (let at = 0; at < whole.length; at += 64) mix(state, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setUint32(4 * place, word));
  return new Uint8Array(digest.buffer);
}

export function sha512(content) {
  const whole = padded(content, 128, 16);
  const view = new DataView(whole.buffer);
  const cut = (value) => BigInt.asUintN(64, value);
  const rotated = (value, by) => cut((value >> by) | (value << (64n - by)));
  const state = [...H512];
  for (let at = 0; at < whole.length; at += 128) {
    const w = [];
    for (let i = 0; i < 16; i += 1) w.push(view.getBigUint64(at + 8 * i));
    for (let i = 16; i < 80; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      w.push(cut(w[i - 16] + (rotated(x, 1n) ^ rotated(x, 8n) ^ (x >> 7n)) + w[i - 7] + (rotated(y, 19n) ^ rotated(y, 61n) ^ (y >> 6n))));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i += 1) {
      const one = h + (rotated(e, 14n) ^ rotated(e, 18n) ^ rotated(e, 41n)) + ((e & f) ^ (cut(~e) & g)) + K512[i] + w[i];
      const two = (rotated(a, 28n) ^ rotated(a, 34n) ^ rotated(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = cut(d + one); d = c; c = b; b = a; a = cut(one + two);
    }
    [a, b, c, d, e, f, g, h].forEach((value, place) => { state[place] = cut(state[place] + value); });
  }
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, place) => digest.setBigUint64(8 * place, word));
  return new Uint8Array(digest.buffer);
}

export const hex = (content) => Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const isSame = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/* Reads base64 that is written in its one way only; null for anything else. */
export function fromBase64(text) {
  try {
    const content = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return btoa(String.fromCharCode(...content)) === text ? content : null;
  } catch {
    return null;
  }
}

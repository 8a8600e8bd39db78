/* Ed25519 of RFC 8032, strict; the browser's own where it has it, else ours (about 10 ms). */

import { isSame, join, sha512 } from "./hash.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value) => { const rest = value % P; return rest < 0n ? rest + P : rest; };

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(mod(t1 * 2n * D) * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(number, point) {
  let total = [0n, 1n, 1n, 0n];
  for (let doubled = point, left = number; left > 0n; left >>= 1n) {
    if (left & 1n) total = add(total, doubled);
    doubled = add(doubled, doubled);
  }
  return total;
}

const numberOf = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function readPoint(bytes) {
  const number = numberOf(bytes);
  const y = number & (2n ** 255n - 1n);
  const sign = number >> 255n;
  if (y >= P) return null;
  const above = mod(y * y - 1n);
  const below = mod(D * y * y + 1n);
  let x = mod(above * power(below, 3n) * power(above * power(below, 7n), (P - 5n) / 8n));
  const square = mod(below * x * x);
  if (square === mod(-above)) x = mod(x * ROOT);
  else if (square !== above) return null;
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function writePoint([x, y, z]) {
  const inverse = power(z, P - 2n);
  let number = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, () => { const byte = Number(number & 255n); number >>= 8n; return byte; });
}

const BASE = readPoint(Uint8Array.from([0x58, ...Array(31).fill(0x66)]));

export function isSignedSlowly(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const point = readPoint(publicKey);
  const answer = numberOf(signature.slice(32));
  if (!point || answer >= ORDER) return false;
  const asked = numberOf(sha512(join(signature.slice(0, 32), publicKey, message))) % ORDER;
  const minus = [P - point[0], point[1], point[2], P - point[3]];
  return isSame(writePoint(add(times(answer, BASE), times(asked, minus))), signature.slice(0, 32));
}

export async function isSigned(publicKey, message, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    // No https, or a browser that does not know Ed25519 yet.
    return isSignedSlowly(publicKey, message, signature);
  }
}

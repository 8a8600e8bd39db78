/* Sealing to k of n openers and opening again, as community/sealing/rules/envelope.py does it.
   P-256 ECDH, HKDF-SHA256, AES-256-GCM of the browser itself; no library. */

import { canonical, fourBytes, fromBase64, fromHex, isEqual, joined, random, readFour, toBase64, toHex, toText, utf8 } from "./bytes.js";
import { KEY_LENGTH, shareOf } from "./shamir.js";

export const FORMAT = "community-sealing/1";
const MAGIC = utf8(`${FORMAT}\n`);
const MOST_HEADER = 32768;
const PADDING = 16384;
const NONCE_LENGTH = 12;
const PUBLIC_LENGTH = 65;
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const sha256 = async (content) => new Uint8Array(await crypto.subtle.digest("SHA-256", content));

export async function derive(secret, info, salt = new Uint8Array(), length = 32) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const told = { name: "HKDF", hash: "SHA-256", salt, info: joined(utf8(`${FORMAT} `), info) };
  return new Uint8Array(await crypto.subtle.deriveBits(told, key, 8 * length));
}

async function cipher(key, way, nonce, bound, content) {
  const made = await crypto.subtle.importKey("raw", key, "AES-GCM", false, [way]);
  return new Uint8Array(await crypto.subtle[way]({ name: "AES-GCM", iv: nonce, additionalData: bound }, made, content));
}

const importPublic = (point) => crypto.subtle.importKey("raw", point, CURVE, false, []);

async function shared(privateKey, point) {
  const told = { name: "ECDH", public: await importPublic(point) };
  return new Uint8Array(await crypto.subtle.deriveBits(told, privateKey, 256));
}

const urlSafe = (content) => toBase64(content).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromUrlSafe = (text) => fromBase64(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(4 * Math.ceil(text.length / 4), "="));

/* A private key by its number and its point; the browser refuses one without the other. */
export function importPrivate(scalar, point, isExtractable = false) {
  const jwk = { kty: "EC", crv: "P-256", d: urlSafe(scalar), x: urlSafe(point.subarray(1, 33)), y: urlSafe(point.subarray(33)), ext: true };
  return crypto.subtle.importKey("jwk", jwk, CURVE, isExtractable, ["deriveBits"]);
}

export async function makePair() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const scalar = fromUrlSafe((await crypto.subtle.exportKey("jwk", pair.privateKey)).d);
  return { point, scalar, privateKey: pair.privateKey };
}

function coreOf(header) {
  const { binding } = header;
  return {
    box: binding.token,
    check: toHex(header.check),
    ephemeral: toBase64(header.ephemeral),
    format: FORMAT,
    k: binding.k,
    nonce: toBase64(header.nonce),
    openers: binding.openers.map((each) => toBase64(each)),
    owner: binding.owner,
    subject: binding.subject,
  };
}

export const contextOf = (header) => sha256(utf8(canonical(coreOf(header))));

function prefixOf(header) {
  const shares = header.shares.map((each) => ({ check: toHex(each.check), sealed: toBase64(each.sealed) }));
  const written = utf8(canonical({ ...coreOf(header), shares }));
  return joined(MAGIC, fourBytes(written.length), written);
}

async function wrapping(header, context, place, secret) {
  const info = joined(utf8("share "), new Uint8Array([place]), header.ephemeral, header.binding.openers[place - 1]);
  const drawn = await derive(secret, info, context, 32 + NONCE_LENGTH);
  return [drawn.subarray(0, 32), drawn.subarray(32)];
}

const checkOf = (context, place, share) => sha256(joined(utf8(`${FORMAT} share check`), context, new Uint8Array([place]), share));

async function sealShares(header, chance, coefficients) {
  const context = await contextOf(header);
  const found = [];
  for (let place = 1; place <= header.binding.openers.length; place += 1) {
    const share = shareOf(chance.key, coefficients, place);
    const secret = await shared(chance.privateKey, header.binding.openers[place - 1]);
    const [key, nonce] = await wrapping(header, context, place, secret);
    const sealed = await cipher(key, "encrypt", nonce, context, share);
    found.push({ sealed, check: await checkOf(context, place, share) });
  }
  return found;
}

/* `binding`: token, subject, owner, k, openers (points as bytes). `fixed` only repeats vectors. */
export async function seal(content, binding, fixed = null) {
  const pair = fixed ? fixed.pair : await makePair();
  const key = fixed ? fixed.key : random(KEY_LENGTH);
  const nonce = fixed ? fixed.nonce : random(NONCE_LENGTH);
  const coefficients = fixed ? fixed.coefficients : random(KEY_LENGTH * (binding.k - 1));
  const header = { binding, check: await derive(key, utf8("check")), ephemeral: pair.point, nonce, shares: [] };
  header.shares = await sealShares(header, { key, privateKey: pair.privateKey }, coefficients);
  const proof = utf8(canonical({ coefficients: toBase64(coefficients), ephemeral: toBase64(pair.scalar) }));
  const length = 8 + proof.length + content.length;
  const inside = new Uint8Array(Math.ceil(length / PADDING) * PADDING);
  inside.set(joined(fourBytes(proof.length), proof, fourBytes(content.length)));
  inside.set(content, 8 + proof.length);
  const prefix = prefixOf(header);
  const sealed = await cipher(await derive(key, utf8("content")), "encrypt", nonce, prefix, inside);
  return { envelope: joined(prefix, sealed), key };
}

/* The header and the ciphertext; throws unless it is written exactly as we write it. */
export function split(envelope) {
  const start = MAGIC.length + 4;
  if (envelope.length < start || !isEqual(envelope.subarray(0, MAGIC.length), MAGIC)) throw new Error("no envelope");
  const length = readFour(envelope, MAGIC.length);
  if (length > MOST_HEADER) throw new Error("header");
  const words = JSON.parse(toText(envelope.subarray(start, start + length)));
  const header = readHeader(words);
  const prefix = prefixOf(header);
  if (!isEqual(envelope.subarray(0, prefix.length), prefix)) throw new Error("another form");
  return { header, prefix, ciphertext: envelope.subarray(prefix.length) };
}

/* A header alone, as the opening page gets it for each envelope. */
export function readHeader(words) {
  if (words.format !== FORMAT || words.shares.length !== words.openers.length) throw new Error("format");
  return {
    binding: {
      token: words.box,
      subject: words.subject,
      owner: words.owner,
      k: words.k,
      openers: words.openers.map((each) => fromBase64(each, PUBLIC_LENGTH)),
    },
    check: fromHex(words.check, 32),
    ephemeral: fromBase64(words.ephemeral, PUBLIC_LENGTH),
    nonce: fromBase64(words.nonce, NONCE_LENGTH),
    shares: words.shares.map((each) => ({ check: fromHex(each.check, 32), sealed: fromBase64(each.sealed, 48) })),
  };
}

/* Decrypts the share at a place; null when it was not sealed rightly for this key. */
export async function openShare(header, place, privateKey) {
  const context = await contextOf(header);
  const each = header.shares[place - 1];
  try {
    const [key, nonce] = await wrapping(header, context, place, await shared(privateKey, header.ephemeral));
    const share = await cipher(key, "decrypt", nonce, context, each.sealed);
    return isEqual(await checkOf(context, place, share), each.check) ? share : null;
  } catch {
    return null;
  }
}

export const isKey = async (header, key) => isEqual(await derive(key, utf8("check")), header.check);

/* Reads an envelope by its key; throws when the key is another or anything was changed. */
export async function openEnvelope(envelope, key) {
  const { header, prefix, ciphertext } = split(envelope);
  if (!(await isKey(header, key))) throw new Error("key");
  const inside = await cipher(await derive(key, utf8("content")), "decrypt", header.nonce, prefix, ciphertext);
  const from = 4 + readFour(inside, 0);
  const length = readFour(inside, from);
  const content = inside.subarray(from + 4, from + 4 + length);
  if (content.length !== length || inside.subarray(from + 4 + length).some(Boolean)) throw new Error("cut short");
  return content;
}

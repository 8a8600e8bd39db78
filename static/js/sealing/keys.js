/* Openers' keys: made in the browser, kept as a file under a passphrase, never sent anywhere. */

import { canonical, fromBase64, fromHex, isEqual, random, toBase64, toHex, utf8 } from "./bytes.js";
import { importPrivate, makePair } from "./envelope.js";

export const KEY_FORMAT = "community-sealing-key/1";
export const OWNER_FORMAT = "community-sealing-owner/1";
const ROUNDS = 600000;
const SHORTEST = 10;

export const isLongEnough = (passphrase) => [...passphrase].length >= SHORTEST;

export async function fingerprint(point) {
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", point))).toUpperCase();
  return digest.slice(0, 32).match(/.{4}/g).join(":");
}

async function locking(passphrase, salt, rounds, way) {
  const typed = await crypto.subtle.importKey("raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const told = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(told, typed, { name: "AES-GCM", length: 256 }, false, [way]);
}

/* Gives the point to register, and the text of the key file. */
export async function makeKeyFile(passphrase, pair = null) {
  const { point, scalar } = pair ?? (await makePair());
  const [salt, nonce] = [random(16), random(12)];
  const told = { format: KEY_FORMAT, public: toBase64(point), rounds: ROUNDS, salt: toBase64(salt), nonce: toBase64(nonce) };
  const key = await locking(passphrase, salt, ROUNDS, "encrypt");
  const bound = { name: "AES-GCM", iv: nonce, additionalData: utf8(canonical(told)) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(bound, key, scalar));
  return { point, text: `${canonical({ ...told, sealed: toBase64(sealed) })}\n` };
}

/* Whose file it is, without the passphrase; null when it is no key file. */
export function pointOfFile(text) {
  try {
    const words = JSON.parse(text);
    return words.format === KEY_FORMAT ? fromBase64(words.public, 65) : null;
  } catch {
    return null;
  }
}

/* Gives point and private key; throws when the passphrase is another. */
export async function openKeyFile(text, passphrase) {
  const { sealed, ...told } = JSON.parse(text);
  if (told.format !== KEY_FORMAT || !(told.rounds >= ROUNDS && told.rounds <= 10 * ROUNDS)) throw new Error("format");
  const key = await locking(passphrase, fromBase64(told.salt, 16), told.rounds, "decrypt");
  const bound = { name: "AES-GCM", iv: fromBase64(told.nonce, 12), additionalData: utf8(canonical(told)) };
  const scalar = new Uint8Array(await crypto.subtle.decrypt(bound, key, fromBase64(sealed, 48)));
  const point = fromBase64(told.public, 65);
  return { point, privateKey: await importPrivate(scalar, point) };
}

/* What an owner keeps: it opens this one envelope without the openers. */
export const ownerFile = (binding, key) => `${canonical({ box: binding.token, format: OWNER_FORMAT, key: toHex(key), owner: binding.owner, subject: binding.subject })}\n`;

export function readOwnerFile(text) {
  const words = JSON.parse(text);
  if (words.format !== OWNER_FORMAT) throw new Error("format");
  return { ...words, key: fromHex(words.key, 32) };
}

/* --- the browser's own store: the private key itself cannot be read out again, only used ------- */

const STORE = "sealing-keys";

function withStore(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(STORE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = act(opening.result.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
      asked.onerror = () => reject(asked.error);
    };
  });
}

export const rememberKey = (point, privateKey) => withStore("readwrite", (store) => store.put({ point, privateKey }, toBase64(point)));

export async function rememberedKey(point) {
  const found = await withStore("readonly", (store) => store.get(toBase64(point)));
  return found && isEqual(found.point, point) ? found.privateKey : null;
}

export const forgetKeys = () => withStore("readwrite", (store) => store.clear());

/* Bytes, base64 and JSON in the one form that both sides write. */

export const utf8 = (text) => new TextEncoder().encode(text);
export const toText = (content) => new TextDecoder("utf-8", { fatal: true }).decode(content);
export const toHex = (content) => Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const isEqual = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/* In blocks: a call takes only so many arguments, and an envelope may have millions of bytes. */
export function toBase64(content) {
  const signs = [];
  for (let at = 0; at < content.length; at += 0x6000) {
    signs.push(btoa(String.fromCharCode(...content.subarray(at, at + 0x6000))));
  }
  return signs.join("");
}

export function fromBase64(text, length) {
  const content = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (toBase64(content) !== text || (length !== undefined && content.length !== length)) throw new Error("base64");
  return content;
}

export function fromHex(text, length) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text) || text.length !== 2 * length) throw new Error("hex");
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

/* Sorted keys, no spaces, whole numbers, characters as themselves. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const words = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${words.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("a whole number");
  return JSON.stringify(value);
}

export const fourBytes = (number) => new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);
export const readFour = (content, at) => new DataView(content.buffer, content.byteOffset + at, 4).getUint32(0);

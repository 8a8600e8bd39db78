/* What a form's fields become before they are sealed: one canonical JSON text. */

import { canonical, toBase64, utf8 } from "./bytes.js";

/* Whole fen of an amount in yuan; null when it is none. */
export function readYuan(text) {
  const found = /^([0-9]{1,11})(?:\.([0-9]{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

async function readFiles(files) {
  const read = [];
  for (const file of files) {
    const content = toBase64(new Uint8Array(await file.arrayBuffer()));
    read.push({ content, name: file.name, type: file.type });
  }
  return read;
}

/* The value of one field by its kind; null when it cannot be read. */
function valueOf(field) {
  if (field.dataset.kind === "files") return readFiles(field.files);
  if (field.dataset.kind === "yuan") return readYuan(field.value);
  return field.value.replaceAll("\r\n", "\n").trim().normalize("NFC");
}

/* Gives the bytes to seal, or the field that must be mended. */
export async function gather(fields) {
  const values = {};
  for (const field of fields) {
    const value = await valueOf(field);
    if (value === null || value === "") return { wrong: field };
    values[field.dataset.sealed] = value;
  }
  return { content: utf8(canonical(values)) };
}

export function save(name, content, type = "application/json") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/* A binding as the site writes it (base64), with bytes for its openers' points. */
export function readBinding(words, fromBase64) {
  const openers = words.openers.map((each) => fromBase64(each, 65));
  return { token: words.box, subject: words.subject, owner: words.owner, k: words.k, openers };
}

export const canSeal = () => Boolean(globalThis.crypto?.subtle);

/* Shows one of the sentences that stand in the page, and hides the others. */
export function say(root, name) {
  for (const each of root.querySelectorAll("[data-say]")) each.hidden = each.dataset.say !== name;
}

/* Scans that wait for the network: they survive a reload and leave in the order they were made. */

const STORE = "scans";

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open("scan-queue", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "place", autoIncrement: true });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function use(mode, act) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const change = database.transaction(STORE, mode);
      const request = act(change.objectStore(STORE));
      change.oncomplete = () => done(request.result);
      change.onerror = () => failed(change.error);
      change.onabort = () => failed(change.error);
    });
  } finally {
    database.close();
  }
}

/* `scan` is {account, batch, code, direction, nonce, device_time}. */
export const add = (scan) => use("readwrite", (store) => store.add(scan));
const remove = (place) => use("readwrite", (store) => store.delete(place));

/* Only the account that scanned may upload: another's name must never stand on these. */
export async function waiting(account) {
  const all = await use("readonly", (store) => store.getAll());
  return all.filter((scan) => scan.account === account);
}

/* Uploads what waits, 50 at a time; returns {sent, left, results} and stops at the first failure. */
export async function upload(account, token) {
  const results = [];
  let sent = 0;
  for (;;) {
    const scans = await waiting(account);
    if (!scans.length) return { sent, left: 0, results };
    const batch = scans[0].batch;
    const some = scans.filter((scan) => scan.batch === batch).slice(0, 50);
    const answer = await post(batch, some, token);
    if (!answer.ok) return { sent, left: scans.length, results, status: answer.status };
    const body = await answer.json();
    results.push(...(body.results ?? body.result ?? []));
    for (const scan of some) await remove(scan.place);
    sent += some.length;
  }
}

async function post(batch, scans, token) {
  try {
    return await fetch(batch, {
      method: "POST",
      credentials: "same-origin",
      // The same scans carry the same key, so a lost answer changes nothing.
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": `${scans[0].nonce}-${scans.at(-1).nonce}`.slice(0, 80) },
      body: JSON.stringify({
        scans: scans.map(({ code, direction, nonce, device_time }) => ({ code, direction, nonce, device_time, late: true })),
      }),
    });
  } catch {
    return { ok: false, status: 0 };
  }
}

/* Keeps our own files, the signed-in person's own code and shifts, and the scanner's page.
   Nothing of other people is ever kept: only pages that answer with `X-Keep-Offline: own` are. */
/* global VERSION, SHELL -- the two lines before this file are written by the server. */

const FILES = `files-${VERSION}`;
const OWN = "own-1";
const WAIT = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(FILES)
      .then((cache) => Promise.allSettled(SHELL.map((address) => cache.add(address))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("files-") && name !== FILES).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (address.pathname.endsWith("/sign-out")) event.waitUntil(caches.delete(OWN));
    return;
  }
  if (address.pathname.startsWith("/static/")) event.respondWith(fromFiles(request));
  else if (request.mode === "navigate") event.respondWith(fromNetwork(request));
});

/* A file addressed with its fingerprint never changes; any other is asked for first. */
async function fromFiles(request) {
  const cache = await caches.open(FILES);
  const isAddressed = new URL(request.url).searchParams.has("v");
  const kept = isAddressed && (await cache.match(request));
  if (kept) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    // Without network an older state of a file is better than none.
    const older = await cache.match(request, { ignoreSearch: true });
    if (older) return older;
    throw error;
  }
}

async function fromNetwork(request) {
  const cache = await caches.open(OWN);
  try {
    const answer = await inTime(fetch(request), request);
    if (answer.ok && !answer.redirected && answer.headers.get("X-Keep-Offline") === "own") await cache.put(plain(request), answer.clone());
    if (answer.redirected) await cache.delete(plain(request));
    return answer;
  } catch (error) {
    const kept = await cache.match(plain(request));
    if (kept) return kept;
    throw error;
  }
}

function plain(request) {
  const address = new URL(request.url);
  return address.origin + address.pathname;
}

/* A gate with one bar of signal must not wait for ever for a page the phone already has. */
async function inTime(answer, request) {
  const cache = await caches.open(OWN);
  if (!(await cache.match(plain(request)))) return answer;
  const late = new Promise((resolve, refuse) => { setTimeout(() => refuse(new Error("slow")), WAIT); });
  return Promise.race([answer, late]);
}

/* The first page was loaded before this worker stood behind it: it sends itself in. */
self.addEventListener("message", (event) => {
  const { page, files } = event.data ?? {};
  if (!page) return;
  event.waitUntil((async () => {
    await fromNetwork(new Request(page, { credentials: "same-origin" })).catch(() => null);
    const cache = await caches.open(FILES);
    await Promise.allSettled(files.map(async (address) => (await cache.match(address)) ?? cache.add(address)));
    event.ports[0]?.postMessage("kept");
  })());
});

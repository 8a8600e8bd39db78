/* My code, as bright and as awake as the phone allows; the page itself is kept for offline use. */

async function keepAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  await navigator.wakeLock.request("screen").catch(() => null);
}

async function fillScreen(event) {
  const code = event.target.closest("[data-fill-screen]");
  if (!code) return;
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen?.().catch(() => null);
}

document.addEventListener("visibilitychange", keepAwake);
document.addEventListener("click", fillScreen);
keepAwake();

// Asks for the page of long work again until it is over; without scripts a link does the same.
const find = (root) => root.querySelector("#progress");

async function again() {
  const shown = find(document);
  const seconds = Number(shown?.dataset.again ?? 0);
  if (!seconds) return;
  await new Promise((done) => setTimeout(done, seconds * 1000));
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = find(page);
      if (fresh) shown.replaceWith(document.adoptNode(fresh));
    }
  } catch {
    // No network just now: the next round asks again.
  }
  again();
}

again();

/* Topics alike what is being typed; without scripts the next step shows them. */

const list = document.querySelector("[data-similar-list]");
const fields = [...document.querySelectorAll("[data-similar]")];
let timer = 0;
let asked = "";
let latest = 0;

async function show() {
  const words = fields.map((field) => field.value.trim()).filter(Boolean).join(" ").slice(0, 400);
  if (words === asked) return;
  asked = words;
  if (words.length < 4) { list.replaceChildren(); return; }
  const turn = ++latest;
  const address = new URL(list.dataset.url, location.href);
  address.searchParams.set("words", words);
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  // A slow answer to an earlier question must not replace a later one's.
  if (!answer?.ok || answer.redirected || turn !== latest) return;
  const found = document.createRange().createContextualFragment(await answer.text());
  list.replaceChildren(found);
  // What has been typed stays where it is.
  for (const link of list.querySelectorAll("a")) link.target = "_blank";
}

if (list) {
  for (const field of fields) {
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 400); });
  }
}

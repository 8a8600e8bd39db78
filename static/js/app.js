/* Every page: nothing here is needed to use the site, it only makes forms and tables kinder. */

const words = document.getElementById("words")?.dataset ?? {};

/* A form is sent once: a second press while the first is on its way does nothing. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button) {
    button.classList.add("busy");
    button.setAttribute("aria-busy", "true");
  }
}

/* Back by the browser's own button shows the page as it was left: ready to send again. */
function makeReady() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".busy")) {
    button.classList.remove("busy");
    button.removeAttribute("aria-busy");
  }
}

/* What cannot be undone is asked once more, in our own words. */
function askFirst(event) {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.agreed) return;
  if (!button.form?.reportValidity()) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const question = document.createElement("p");
  question.id = "question";
  question.textContent = button.dataset.confirm;
  dialog.setAttribute("aria-labelledby", "question");
  const acts = document.createElement("div");
  acts.className = "acts";
  const yes = makeButton(button.dataset.yes ?? words.sure, button.classList.contains("danger") ? "danger" : "");
  const no = makeButton(words.back, "quiet");
  acts.append(no, yes);
  dialog.append(question, acts);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    button.dataset.agreed = "1";
    button.form.requestSubmit(button);
    delete button.dataset.agreed;
  });
  dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
  dialog.showModal();
}

function makeButton(label, kind) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button ${kind}`.trim();
  button.textContent = label;
  return button;
}

/* What is wider than the page is moved by the arrow keys too. */
function reachWideTables() {
  for (const box of document.querySelectorAll(".table-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

/* On a phone a table's row becomes a card: each cell says what its column said. */
function stackTables() {
  for (const table of document.querySelectorAll("main table:not(.keep)")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => (head.querySelector(".visually-hidden") ? "" : head.textContent.trim()));
    if (!heads.length) continue;
    table.classList.add("stacked");
    table.setAttribute("role", "table");
    for (const group of table.querySelectorAll("thead, tbody, tfoot")) group.setAttribute("role", "rowgroup");
    for (const head of table.querySelectorAll("thead th")) head.setAttribute("role", "columnheader");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      if (row.parentElement.tagName === "THEAD") continue;
      let column = 0;
      for (const cell of row.cells) {
        if (cell.colSpan === 1 && heads[column]) cell.dataset.label = heads[column];
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        column += cell.colSpan;
      }
    }
  }
}

/* A chart that does not fit begins with its newest month in view. */
function showNewest() {
  for (const chart of document.querySelectorAll(".chart-scroll:not(:has(> .plot-s))")) chart.scrollLeft = chart.scrollWidth;
}

/* The desk's list is longer than the screen: it begins where one is. */
function showWhereOneIs() {
  const list = document.querySelector(".desk-nav");
  const here = list?.querySelector("[aria-current]");
  if (here) list.scrollTop = here.offsetTop - list.offsetTop - list.clientHeight / 2;
}

function watchNetwork() {
  const banner = document.querySelector("[data-offline]");
  if (!banner) return;
  const show = () => { banner.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/* A wrong field is brought into view and takes the cursor. */
function showFirstMistake() {
  const wrong = document.querySelector("main [aria-invalid='true']");
  if (!wrong) return;
  const field = wrong.matches("fieldset") ? wrong.querySelector("input") : wrong;
  field?.focus();
}

function copyOnPress(event) {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  event.preventDefault();
  navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = words.copied; });
}

function printOnPress(event) {
  if (event.target.closest("[data-print]")) window.print();
}

/* Choosing an entry of such a list sends its form; its button stays for those without scripts. */
function sendOnChange(event) {
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
}

/* The phone changed hands: what was kept for offline use belongs to nobody here any more. */
async function keepToOneAccount() {
  const mark = document.body.dataset.account ?? "";
  let before = "";
  try {
    before = localStorage.getItem("account") ?? "";
    localStorage.setItem("account", mark);
  } catch { return; }
  if (before && before !== mark && "caches" in window) {
    for (const name of await caches.keys()) if (name.startsWith("own-")) await caches.delete(name);
  }
}

async function install() {
  await keepToOneAccount();
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  await navigator.serviceWorker.register("/sw.js");
  const isReady = () => { document.body.dataset.offlineReady = "1"; };
  if (navigator.serviceWorker.controller) { isReady(); return; }
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name.split("#")[0]).filter((name) => new URL(name).pathname.startsWith("/static/"));
  const answer = new MessageChannel();
  answer.port1.onmessage = isReady;
  active.postMessage({ page: location.href, files: [...new Set(files)] }, [answer.port2]);
}

document.addEventListener("submit", sendOnce);
document.addEventListener("click", askFirst);
document.addEventListener("click", copyOnPress);
document.addEventListener("click", printOnPress);
document.addEventListener("change", sendOnChange);
window.addEventListener("pageshow", makeReady);
stackTables();
reachWideTables();
showNewest();
showWhereOneIs();
watchNetwork();
showFirstMistake();
install().catch(() => { /* private windows refuse workers; the site works without one */ });
if (document.documentElement.classList.contains("elder")) {
  const address = document.querySelector("link[data-speech]")?.href;
  if (address) import(address).then((speech) => speech.start(words));
}

/* Large type: read the page aloud and take dictation, where the browser can. */

function readable(main) {
  const copy = main.cloneNode(true);
  for (const part of copy.querySelectorAll("[aria-hidden=true], [hidden], details:not([open]) > :not(summary), template, script, svg, video")) part.remove();
  const pieces = [];
  for (const block of copy.querySelectorAll("h1, h2, h3, p, li, dt, dd, label, legend, summary, td, th, a, button, b, .row, .figure")) {
    if (block.querySelector("h1, h2, h3, p, li, label, td, a, button, b")) continue;
    const text = block.textContent.replace(/\s+/g, " ").trim();
    if (text && pieces.at(-1) !== text) pieces.push(text);
  }
  return pieces;
}

function readAloud(button) {
  const first = button.textContent;
  const stop = () => {
    speechSynthesis.cancel();
    button.textContent = first;
    button.setAttribute("aria-pressed", "false");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") { stop(); return; }
    const title = document.querySelector("h1")?.textContent ?? "";
    const pieces = [title, ...readable(document.querySelector("main"))];
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    // One utterance a piece: long ones are cut off after 15 seconds by Chromium.
    pieces.forEach((piece, place) => {
      const said = new SpeechSynthesisUtterance(piece);
      said.lang = document.documentElement.lang;
      said.rate = 0.9;
      if (place === pieces.length - 1) said.onend = stop;
      speechSynthesis.speak(said);
    });
  });
  window.addEventListener("pagehide", stop);
}

function takeDictation(field, Recognition, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet dictate";
  button.textContent = words.speak;
  field.after(button);
  button.addEventListener("click", () => {
    const recognition = new Recognition();
    recognition.lang = document.documentElement.lang;
    recognition.onresult = (event) => {
      field.value = `${field.value}${event.results[0][0].transcript}`;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    recognition.onend = () => { button.textContent = words.speak; };
    button.textContent = words.listening;
    recognition.start();
  });
}

export function start(words) {
  const button = document.querySelector("[data-read-aloud]");
  if (button && "speechSynthesis" in window) readAloud(button);
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return;
  for (const field of document.querySelectorAll("main textarea, main input[type=text], main input[type=search]")) {
    if (!field.readOnly && !field.disabled && !field.matches(".code, [inputmode]")) takeDictation(field, Recognition, words);
  }
}

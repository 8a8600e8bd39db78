/* A scan's result over the whole screen: colour, icon, word, sound and vibration together. */

const SHOWN = { green: 1600, amber: 3200, red: 4500 };
const BUZZ = { green: [90], amber: [90, 90, 90], red: [320, 120, 320] };
/* [pitch in Hz, start, length in seconds] */
const TONES = {
  green: [[880, 0, 0.1], [1320, 0.11, 0.16]],
  amber: [[620, 0, 0.14], [620, 0.22, 0.14]],
  red: [[220, 0, 0.28], [180, 0.34, 0.42]],
};
let sound;

/* Browsers let a page sound only after it was touched. */
export function allowSound() {
  const wake = () => {
    sound ??= new (window.AudioContext ?? window.webkitAudioContext)();
    sound.resume();
  };
  document.addEventListener("pointerdown", wake, { once: true });
}

function play(colour) {
  if (sound?.state !== "running") return;
  for (const [pitch, start, length] of TONES[colour]) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    tone.type = colour === "red" ? "square" : "sine";
    volume.gain.setValueAtTime(0.35, sound.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + length);
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + start);
    tone.stop(sound.currentTime + start + length);
  }
}

/* Shows the result until it is touched or its time is over; `parts` are {sentence, name, when, where}. */
export function show(panel, colour, parts) {
  return new Promise((done) => {
    panel.className = `full ${colour}`;
    for (const icon of panel.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== colour;
    for (const [name, text] of Object.entries(parts)) {
      const place = panel.querySelector(`[data-${name}]`);
      place.textContent = text ?? "";
      place.hidden = !text;
    }
    panel.hidden = false;
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(BUZZ[colour]);
    play(colour);
    panel.querySelector("button").focus();
    const close = () => {
      clearTimeout(timer);
      panel.removeEventListener("click", close);
      panel.hidden = true;
      done();
    };
    const timer = setTimeout(close, SHOWN[colour]);
    panel.addEventListener("click", close);
  });
}

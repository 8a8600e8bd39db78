/* Evidence from a phone: where and when it is taken, if whoever hands it in wants to say so.
   The button is for browsers that know the place; without it, or refused, one types or leaves it. */

const button = document.querySelector("[data-place]");
const told = button?.parentElement.querySelector("[data-place-told]");

function fill({ coords }) {
  const field = button.form.elements[button.dataset.place];
  const found = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} (±${Math.ceil(coords.accuracy)} m)`;
  const typed = field.value.replace(/\s*-?\d+\.\d{5}, -?\d+\.\d{5} \(±\d+ m\)$/, "").trim();
  field.value = `${typed.slice(0, field.maxLength - found.length - 1)} ${found}`.trim();
  const time = button.form.elements[button.dataset.time];
  // The site's days are Shanghai's, whatever the phone is set to.
  if (!time.value) time.value = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16);
  told.textContent = button.dataset.found;
  button.disabled = false;
}

function refuse() {
  told.textContent = button.dataset.refused;
  button.disabled = false;
}

if (button && navigator.geolocation && window.isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    told.textContent = button.dataset.working;
    navigator.geolocation.getCurrentPosition(fill, refuse, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  });
}

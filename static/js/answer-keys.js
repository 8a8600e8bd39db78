/* One viewpoint a page: A agrees, D disagrees, P passes. Without scripts the buttons do the same. */

const form = document.querySelector("form[data-keys]");

function press(event) {
  if (!form || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const button = form.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

addEventListener("keydown", press);

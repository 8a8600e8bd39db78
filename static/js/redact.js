// Blacks out parts of chosen pictures before they are sent: the copy is drawn anew as PNG, so that
// nothing lies under a rectangle. Without this file one uploads the copy oneself.

const LONGEST = 2000;

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

// The name without its ending: by it the server finds the original of a copy.
function stem(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

function keep(input, file) {
  const all = new DataTransfer();
  for (const each of input.files) if (stem(each.name) !== stem(file.name)) all.items.add(each);
  all.items.add(file);
  input.files = all.files;
}

async function board(holder, file, twin) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.className = "redact";
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${holder.dataset.cover} ${file.name}`);
  const pen = canvas.getContext("2d");
  const covered = [];
  let begun = null;
  const draw = (open) => {
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    for (const [x, y, w, h] of open ? [...covered, open] : covered) pen.fillRect(x, y, w, h);
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * canvas.width) / box.width;
    const y = ((event.clientY - box.top) * canvas.height) / box.height;
    return [Math.round(x), Math.round(y)];
  };
  const block = (event) => {
    const [x, y] = at(event);
    const [left, top] = [Math.min(x, begun[0]), Math.min(y, begun[1])];
    return [left, top, Math.abs(x - begun[0]), Math.abs(y - begun[1])];
  };
  canvas.addEventListener("pointerdown", (event) => {
    begun = at(event);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => begun && draw(block(event)));
  canvas.addEventListener("pointerup", (event) => {
    if (!begun) return;
    const made = block(event);
    begun = null;
    if (made[2] > 3 && made[3] > 3) covered.push(made);
    draw();
    done.disabled = covered.length === 0;
  });
  canvas.addEventListener("pointercancel", () => {
    begun = null;
    draw();
  });
  const told = document.createElement("p");
  told.className = "small";
  told.setAttribute("role", "status");
  const undo = button(holder.dataset.undo, () => {
    covered.pop();
    draw();
    done.disabled = covered.length === 0;
  });
  const done = button(holder.dataset.done, () => {
    canvas.toBlob((bytes) => {
      keep(twin, new File([bytes], `${stem(file.name)}.png`, { type: "image/png" }));
      told.textContent = holder.dataset.kept;
    }, "image/png");
  });
  done.disabled = true;
  const acts = document.createElement("div");
  acts.className = "acts";
  acts.append(undo, done);
  const part = document.createElement("section");
  part.className = "redact-board";
  part.append(canvas, acts, told);
  draw();
  return part;
}

for (const holder of document.querySelectorAll("[data-redact]")) {
  const original = holder.querySelector("input[data-original]");
  const twin = holder.querySelector("input[data-twin]");
  const boards = document.createElement("div");
  original.closest("label").after(boards);
  original.addEventListener("change", async () => {
    boards.replaceChildren();
    for (const file of original.files) {
      if (file.type.startsWith("image/")) {
        try {
          boards.append(await board(holder, file, twin));
        } catch {
          // A picture this browser cannot draw, as HEIC: the copy is uploaded instead.
          continue;
        }
      }
    }
  });
}

/* The shares of a milestone plan, added up in hundredths of a per cent as they are typed. */

const told = document.querySelector("[data-plan-sum]");
const shares = [...document.querySelectorAll("[data-plan-share]")];

function show() {
  let sum = 0;
  for (const { value } of shares) {
    const [, whole, rest] = /^\s*(\d{1,3})(?:\.(\d{1,2}))?\s*[%％]?\s*$/.exec(value) ?? [];
    if (whole) sum += Number(whole) * 100 + Number((rest ?? "").padEnd(2, "0"));
  }
  const written = `${Math.floor(sum / 100)}.${String(sum % 100).padStart(2, "0")}`;
  told.textContent = sum === 10_000 ? told.dataset.exact : told.dataset.off.replace("{sum}", written);
  told.classList.toggle("problem", sum !== 10_000);
}

for (const share of shares) share.addEventListener("input", show);
show();

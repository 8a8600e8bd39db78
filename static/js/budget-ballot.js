/* The running total of a budget's ballot; without it the next page shows the total. */

function yuan(fen) {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(fen % 100).padStart(2, "0")}`;
}

function readChosen(ballot) {
  const chosen = [];
  for (const input of ballot.querySelectorAll("input[data-cost]")) {
    const number = input.type === "checkbox" ? Number(input.checked) : Number.parseInt(input.value, 10) || 0;
    if (number > 0) chosen.push({ cost: Number(input.dataset.cost), number });
  }
  return chosen;
}

function show(ballot) {
  const chosen = readChosen(ballot);
  const cost = chosen.reduce((sum, one) => sum + one.cost, 0);
  const points = chosen.reduce((sum, one) => sum + one.number, 0);
  const { mostCost, most, points: mostPoints } = ballot.dataset;
  const running = ballot.querySelector(".running");
  running.querySelector("[data-count]").textContent = chosen.length;
  running.querySelector("[data-cost-sum]").textContent = yuan(cost);
  const pointSum = running.querySelector("[data-point-sum]");
  if (pointSum) pointSum.textContent = points;
  const bar = running.querySelector("progress");
  bar.value = Math.min(cost, bar.max);
  const over = (Number(mostCost) && cost > Number(mostCost))
    || (Number(most) && chosen.length > Number(most))
    || (Number(mostPoints) && points > Number(mostPoints));
  running.classList.toggle("over", Boolean(over));
  running.querySelector("[data-over]").hidden = !over;
}

for (const ballot of document.querySelectorAll("[data-budget-ballot]")) {
  ballot.querySelector(".running").hidden = false;
  ballot.addEventListener("input", () => show(ballot));
  show(ballot);
}
/* Back by the browser's own button brings the ticks back without an event. */
addEventListener("pageshow", () => document.querySelectorAll("[data-budget-ballot]").forEach(show));

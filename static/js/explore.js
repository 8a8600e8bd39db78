/* The street office explores its communities' months with ECharts; the table beside it says the same. */

const table = document.querySelector("[data-explore]");
const place = document.querySelector("[data-explore-here]");

function draw() {
  const rows = [...table.querySelectorAll("tr[data-name]")];
  document.querySelector("[data-explore-card]").hidden = false;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: ["#0b6b52", "#a86f06", "#2f6fa8", "#8b5fa8", "#6a736e", "#b1564f"],
    textStyle: { fontSize: 14, fontFamily: "inherit" },
    grid: { left: 48, right: 16, top: 56, bottom: 32 },
    legend: { type: "scroll", textStyle: { fontSize: 14 } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: table.dataset.months.split(","), axisLabel: { fontSize: 14 } },
    yAxis: { type: "value", axisLabel: { fontSize: 14 } },
    series: rows.map((row) => ({ name: row.dataset.name, type: "line", data: row.dataset.values.split(",").map(Number) })),
  });
  window.addEventListener("resize", () => chart.resize());
}

if (table && place) {
  const script = document.createElement("script");
  script.src = table.dataset.explore;
  script.onload = draw;
  document.head.append(script);
}

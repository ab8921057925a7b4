"use strict";
const filter = document.querySelector(".filter");
const search = document.getElementById("search");
const shown = document.getElementById("shown");
const findings = [...document.querySelectorAll(".finding")].map((element) => ({
  element, severity: element.dataset.severity, text: element.textContent.toLowerCase(),
}));
function apply() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const severities = new Set([...filter.querySelectorAll("input[name=severity]:checked")].map((box) => box.value));
  let count = 0;
  for (const finding of findings) {
    const show = severities.has(finding.severity) && words.every((word) => finding.text.includes(word));
    finding.element.hidden = !show;
    count += show ? 1 : 0;
  }
  shown.textContent = `${count} of ${findings.length} shown`;
}
if (findings.length > 0) {
  filter.hidden = false;
  filter.addEventListener("input", apply);
  apply();
}

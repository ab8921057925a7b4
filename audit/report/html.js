"use strict";
// Narrows the findings by text, cluster, namespace, rule and severity, and says how many are
// left. It only hides and shows what is on the page.
const form = document.getElementById("filter");
const find = (id) => document.getElementById(id);
// With more, rules stay closed while findings are narrowed: opening all costs seconds.
const mostOpened = 500;
// What the page can choose one of.
const lists = ["cluster", "namespace", "rule"].filter((id) => find(id));
const opened = new Set(); // rules that were opened because findings were narrowed
const groups = [...document.querySelectorAll("details.rule")].map((element) => ({
  element, rule: element.dataset.rule, count: element.querySelector(".count"),
  findings: [...element.querySelectorAll(".finding")].map((finding) => ({ element: finding, rule: element.dataset.rule, ...finding.dataset })),
}));
const all = groups.reduce((sum, group) => sum + group.findings.length, 0);

// The text of findings is read when somebody searches, not before.
function textOf(finding, group) {
  group.text ??= `${group.rule} ${group.element.querySelector("summary").textContent} ${group.element.querySelector(".why").textContent}`.toLowerCase();
  finding.text ??= finding.element.textContent.toLowerCase();
  return finding.text;
}

function criteria() {
  const boxes = [...form.querySelectorAll("input[name=severity]")];
  const checked = boxes.filter((box) => box.checked).map((box) => box.value);
  const said = [];
  const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) said.push(`with “${words.join(" ")}”`);
  const chosen = lists.filter((id) => find(id).value);
  for (const id of chosen) said.push(`of ${id} ${find(id).selectedOptions[0].text}`);
  if (checked.length < boxes.length) said.push(`of severity ${checked.join(", ") || "none"}`);
  return { words, checked: new Set(checked), chosen: chosen.map((id) => [id, find(id).value]), said };
}

function matches(finding, group, by) {
  return by.checked.has(finding.severity) &&
    by.chosen.every(([id, value]) => value === `=${finding[id]}`) &&
    by.words.every((word) => textOf(finding, group).includes(word) || group.text.includes(word));
}

function narrow() {
  const by = criteria();
  let shown = 0;
  for (const group of groups) {
    group.shown = 0;
    for (const finding of group.findings) {
      const show = matches(finding, group, by);
      if (finding.element.hidden === show) finding.element.hidden = !show;
      if (show) group.shown++;
    }
    shown += group.shown;
  }
  const narrowed = by.said.length > 0;
  for (const { element, count, shown: here, findings } of groups) {
    element.hidden = narrowed && here === 0;
    count.textContent = narrowed ? `${here} of ${count.dataset.all}` : count.dataset.all;
    const open = narrowed && here > 0 && shown <= mostOpened;
    if (open && !element.open) {
      element.open = true;
      opened.add(element);
    } else if (!open && opened.delete(element)) {
      element.open = false;
    }
  }
  find("shown").textContent = `${shown} of ${all} findings shown`;
  find("nothing").hidden = shown > 0;
  find("narrowed").hidden = !narrowed;
  find("narrowed").textContent = narrowed ? `Narrowed: only ${shown} of ${all} findings are shown, those ${by.said.join(", ")}.` : "";
}

if (form) {
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(narrow, 120);
  };
  form.addEventListener("input", soon);
  form.addEventListener("reset", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  // What a link leads to may be closed or hidden.
  const reveal = () => {
    const target = find(decodeURIComponent(location.hash.slice(1)));
    if (!target?.matches("details.rule")) return;
    if (target.hidden) form.reset();
    target.open = true;
    target.hidden = false;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  form.hidden = false;
  narrow();
  reveal();
}
// Paper cannot be opened: where the style does not do it, the script does.
if (!CSS.supports("selector(::details-content)")) {
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((element) => { element.open = true; }));
}

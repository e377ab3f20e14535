"use strict";
// Search, filters and copy buttons. Everything can be read without it; it asks nobody for anything.
(() => {
  const one = (id) => document.getElementById(id);
  const form = one("filter");
  const items = [...document.querySelectorAll("article[data-harm], .checks > li")];
  const outcomeOf = (item) => item.dataset.outcome || item.querySelector("b")?.textContent || "passed";
  const areas = [...document.querySelectorAll("details.area")];
  const texts = new Map(items.map((item) => [item, (outcomeOf(item) + " " + item.textContent + " " + (item.closest("details.area")?.firstChild.textContent || "")).toLowerCase()]));
  const apply = () => {
    const words = one("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcome = one("outcome").value, harm = one("harm").value;
    const active = words.length > 0 || outcome !== "" || harm !== "";
    let shown = 0;
    for (const item of items) {
      const fits = (!outcome || outcomeOf(item) === outcome) && (!harm || item.closest("[data-harm]").dataset.harm === harm) &&
        words.every((word) => texts.get(item).includes(word));
      item.hidden = !fits;
      shown += fits && item.tagName === "LI";
    }
    for (const area of areas) {
      const some = [...area.querySelectorAll(".checks > li")].some((item) => !item.hidden);
      area.hidden = !some;
      if (active || area.dataset.opened) area.open = active && some;
      area.dataset.opened = active ? "yes" : "";
    }
    one("number").textContent = active ? shown + (shown === 1 ? " check" : " checks") : "";
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const text of document.querySelectorAll("details.copy pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    text.before(button);
  }
})();

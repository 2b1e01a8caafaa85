/**
 * The page's own behaviour: filters, opening and closing, saving, and the picture's lines. Reading needs none of it.
 */
export const SCRIPT = `"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  for (const part of all(".scripted")) part.hidden = false;

  const items = all(".item").map((element) => ({ element, text: undefined }));
  const textOf = (item) => (item.text ??= item.element.textContent.toLowerCase());
  const chosen = (name) => all('input[name="' + name + '"]:checked').map((input) => input.value);
  const matches = (item, tags, kinds, words) =>
    (tags.length === 0 || tags.includes(item.element.dataset.tag)) &&
    (kinds.length === 0 || kinds.includes(item.element.dataset.kind)) &&
    words.every((word) => textOf(item).includes(word));

  const filter = () => {
    const [tags, kinds] = [chosen("tag"), chosen("kind")];
    const words = one("search").value.toLowerCase().split(/[ ]+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const isShown = matches(item, tags, kinds, words);
      item.element.hidden = !isShown;
      if (isShown) shown += 1;
    }
    for (const section of all("section.items")) section.hidden = !section.querySelector(".item:not([hidden])");
    const isAll = shown === items.length;
    one("none").hidden = shown > 0;
    one("shown").textContent = isAll ? items.length + " items" : shown + " of " + items.length + " items";
  };
  const clear = () => {
    for (const input of all(".search input, .chips input")) {
      input.checked = false;
      if (input.type === "search") input.value = "";
    }
    filter();
  };
  if (one("search")) {
    one("search").addEventListener("input", filter);
    one("clear").addEventListener("click", () => {
      clear();
      one("search").focus();
    });
    for (const input of all(".chips input")) input.addEventListener("change", filter);
  }

  const openAll = (isOpen) => {
    for (const item of items) if (!item.element.hidden) item.element.open = isOpen;
  };
  one("expand")?.addEventListener("click", () => openAll(true));
  one("collapse")?.addEventListener("click", () => openAll(false));

  /* Unchanged lines stand on both sides, each with the number that it has there. */
  const pairUp = (lines) => {
    let lead = 0;
    for (const line of all("p, del, ins", lines)) {
      if (line.tagName === "DEL") lead += 1;
      else if (line.tagName === "INS") lead -= 1;
      else {
        const twin = line.cloneNode(true);
        twin.className = "twin";
        twin.ariaHidden = "true";
        twin.firstChild.textContent = Number(line.firstChild.textContent) + lead;
        const pair = document.createElement("div");
        pair.className = "same";
        line.replaceWith(pair);
        pair.append(twin, line);
      }
    }
  };
  const split = one("split");
  const pairAll = () => {
    if (split.checked) for (const lines of all(".diff:not(.whole) .lines:not(:has(.same))")) pairUp(lines);
  };
  split?.addEventListener("change", pairAll);
  if (split) pairAll();

  const goTo = () => {
    const target = one(decodeURIComponent(location.hash.slice(1)));
    const item = target?.closest(".item");
    if (!item) return;
    if (item.hidden) clear();
    item.open = true;
    item.scrollIntoView();
    item.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", goTo);
  if (location.hash.length > 1) goTo();

  const saved = one("download");
  saved?.addEventListener("click", async (event) => {
    if (typeof DecompressionStream !== "function") return;
    event.preventDefault();
    const bytes = Uint8Array.from(atob(saved.href.split(",")[1]), (character) => character.charCodeAt(0));
    const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const blob = new Blob([await new Response(text).arrayBuffer()], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = saved.dataset.name;
    link.click();
    requestAnimationFrame(() => URL.revokeObjectURL(link.href));
  });

  for (const graph of all(".graph")) {
    const lines = all("[data-ends]", graph);
    const nodes = all("[data-node]", graph);
    const show = (node) => {
      const near = new Set([node?.dataset.node]);
      for (const line of lines) {
        const ends = line.dataset.ends.split(" ");
        const isNear = node !== undefined && ends.includes(node.dataset.node);
        line.classList.toggle("near", isNear);
        if (isNear) ends.forEach((end) => near.add(end));
      }
      for (const other of nodes) other.classList.toggle("near", near.has(other.dataset.node));
      graph.classList.toggle("focused", node !== undefined);
    };
    for (const node of nodes) {
      for (const type of ["pointerenter", "focus"]) node.addEventListener(type, () => show(node));
      for (const type of ["pointerleave", "blur"]) node.addEventListener(type, () => show(undefined));
    }
  }
})();
`;

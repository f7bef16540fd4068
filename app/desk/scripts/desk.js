// Keys of the desk. Every page works without this script. Letters and digits are read by their place on the keyboard
// (`event.code`), so that an input method for Korean or Japanese does not swallow them.
"use strict";
(() => {
  const TYPED = "input:not([type=checkbox]):not([type=radio]), select, textarea";
  const GO_WITHIN = 1500; // milliseconds from the letter g to the next letter
  let goesUntil = 0;
  let lastChosen = null;

  const letterOf = event => event.code.match(/^(?:Key|Digit|Numpad)([A-Z0-9])$/)?.[1].toLowerCase() ?? "";
  const rows = () => [...document.querySelectorAll("tr.row")];
  const here = () => document.querySelector("tr.row.here");
  const boxOf = row => row?.querySelector("input[type=checkbox]");

  const show = row => {
    if (!row) return;
    here()?.classList.remove("here");
    row.classList.add("here");
    (row.querySelector("a.open") ?? boxOf(row))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const move = by => {
    const all = rows();
    const at = all.indexOf(here());
    show(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  };

  const choose = isRange => {
    const box = boxOf(here());
    if (!box) return;
    box.checked = isRange || !box.checked;
    if (isRange && lastChosen) {
      const boxes = rows().map(boxOf).filter(Boolean);
      const [from, to] = [boxes.indexOf(lastChosen), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(Math.max(from, 0), to + 1)) each.checked = true;
    }
    lastChosen = box;
  };

  const chooseAlike = () => {
    const suggested = here()?.dataset.suggested;
    if (!suggested) return false;
    for (const row of rows()) {
      const box = boxOf(row);
      if (box) box.checked = row.dataset.suggested === suggested;
    }
    return true;
  };

  // What has the key on this page: a link and a button are pressed, and a field gets the focus.
  const press = key => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    if (target.matches(TYPED)) target.focus();
    else target.click();
    return true;
  };

  const dialog = () => document.getElementById("keys");
  const help = () => {
    const shown = dialog();
    if (!shown) return false;
    const isList = rows().length > 0;
    for (const about of shown.querySelectorAll("[data-about]")) {
      const key = about.dataset.about;
      const isOfList = ["j", "k", "Enter", "x", "Shift x", "Shift a"].includes(key);
      const isAlways = ["g", "?"].includes(key);
      about.hidden = !(isAlways || (isOfList ? isList : document.querySelector(`[data-key="${key}"]`)));
    }
    shown.showModal();
    return true;
  };

  const go = letter => {
    const link = letter && document.querySelector(`[data-go="${letter}"]`);
    link?.click();
    return Boolean(link);
  };

  const take = event => {
    const letter = letterOf(event);
    if (goesUntil > event.timeStamp) {
      goesUntil = 0;
      return go(letter);
    }
    if (letter === "g") goesUntil = event.timeStamp + GO_WITHIN;
    else if (letter === "j") move(1);
    else if (letter === "k") move(-1);
    else if (letter === "x") choose(event.shiftKey);
    else if (letter === "a" && event.shiftKey) return chooseAlike();
    else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return help();
    else if (event.key === "/" || event.code === "Slash") return press("/");
    else return Boolean(letter) && !event.shiftKey && press(letter);
    return true;
  };

  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.isComposing || dialog()?.open) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      if (press("/")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches(TYPED)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (take(event)) event.preventDefault();
  });

  document.addEventListener("click", ({ target }) => target.closest("[data-closes]")?.closest("dialog")?.close());

  // A row that the focus enters is the row of the keys.
  document.addEventListener("focusin", ({ target }) => {
    const row = target.closest("tr.row");
    if (!row || row === here()) return;
    here()?.classList.remove("here");
    row.classList.add("here");
  });
})();

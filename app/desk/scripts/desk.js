// Keys of the desk. Every page works without this script. Letters are read by their place on the keyboard
// (`event.code`), so that an input method for Korean or Japanese does not swallow them.
"use strict";
(() => {
  const isTyping = target => target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea");
  const letterOf = event => (event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "");
  let goesUntil = 0;

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const letter = letterOf(event);
    if (goesUntil > event.timeStamp) {
      goesUntil = 0;
      const link = letter && document.querySelector(`[data-go="${letter}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (letter === "g") goesUntil = event.timeStamp + 1500;
  });
})();

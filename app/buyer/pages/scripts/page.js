// What pages do better with script. Every page works without it. htmx does the rest, by attributes of the pages.
(() => {
  "use strict";
  const AGAIN_AFTER = 10_000; // milliseconds: a page that has not come by then may be asked for again

  // A form that is being sent is not sent again.
  const setButtons = (form, isOff) => {
    for (const field of form.elements) if (field.type === "submit") field.disabled = isOff;
  };
  const release = form => {
    delete form.dataset.sent;
    setButtons(form, false);
  };
  document.addEventListener("submit", event => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => setButtons(form, true)); // after the browser has read which button was pressed
    setTimeout(release, AGAIN_AFTER, form);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) if (form.dataset.sent) release(form);
  });

  // A quote that could not be fetched leaves no old quote behind.
  const forget = event => {
    const { elt, target } = event.detail;
    if (elt?.id === "choice") target.replaceChildren();
  };
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, forget);
  }
})();

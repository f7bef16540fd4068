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

  // What was chosen before the script was there has its quote too. htmx has read the page by then.
  document.addEventListener("DOMContentLoaded", () => {
    const reason = document.getElementById("reason");
    if (reason?.value && !document.getElementById("quote")) {
      reason.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // A quote that could not be fetched leaves no old quote behind. A file that could not be sent says so.
  const fail = ({ detail: { elt, target } }) => {
    if (elt.id === "choice") target.replaceChildren();
    const input = elt.querySelector("input[type=file]");
    if (input) complain(input, input.dataset.failed);
  };
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, fail);
  }

  // The state of a claim is fetched only for somebody who looks. The page of a buyer who has signed out closes.
  const isTyped = () =>
    [...document.querySelectorAll("main input, main textarea")].some(field => field.value !== field.defaultValue);
  document.addEventListener("htmx:beforeRequest", event => {
    if (document.hidden && event.detail.requestConfig.verb === "get") event.preventDefault();
  });
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    if (xhr.status === 401 && !isTyped()) location.reload();
  });

  // Files are named and measured when they are chosen, and the way of their upload is shown.
  const complain = (input, problem) => {
    document.getElementById("file-problem").textContent = problem;
  };
  const inMegabytes = bytes =>
    new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: "megabyte", maximumFractionDigits: 1,
    }).format(Math.max(bytes / 1_048_576, 0.1));
  const problemOf = (chosen, limits) => {
    if (chosen.length > limits.most) return limits.tooMany;
    let all = 0;
    for (const file of chosen) {
      const own = Number(file.type.startsWith("video/") ? limits.videoBytes : limits.otherBytes);
      const limit = Math.min(own, limits.allBytes);
      all += file.size;
      if (file.size > limit || all > limits.allBytes) {
        const size = inMegabytes(file.size > limit ? limit : limits.allBytes);
        return limits.tooLarge.replace("{name}", () => file.name).replace("{size}", () => size);
      }
    }
    return "";
  };
  document.addEventListener("change", ({ target: input }) => {
    if (input.type !== "file") return;
    const names = document.createElement("ul");
    for (const file of input.files) {
      const line = names.appendChild(document.createElement("li"));
      line.textContent = `${file.name} · ${inMegabytes(file.size)}`;
    }
    document.getElementById("chosen").replaceChildren(names);
    const problem = problemOf([...input.files], input.dataset);
    input.setCustomValidity(problem);
    complain(input, problem);
  });
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const bar = target.querySelector("progress");
    if (!bar || !detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = detail.loaded / detail.total;
  });
  document.addEventListener("htmx:beforeSwap", event => {
    const { elt, serverResponse, shouldSwap } = event.detail;
    if (!elt.matches("#photos form") || !shouldSwap || serverResponse.includes('id="photos"')) return;
    event.detail.shouldSwap = false; // a page about an error has no place for files
    fail(event);
  });
})();

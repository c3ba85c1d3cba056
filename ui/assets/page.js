(() => {
  const texts = __TEXTS__;
  const zh = (navigator.language || "en").toLowerCase().startsWith("zh");
  const say = (key) => texts[key][zh ? 1 : 0];
  const tasks = ["cartoon", "matting", "emotion"];
  const root = document.documentElement;
  root.dataset.lang = zh ? "zh" : "en";
  root.lang = zh ? "zh-CN" : "en";

  const element = (tag, attributes, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };

  const progress = (status) =>
    status.state === "fetching" && status.bytes_total
      ? ` ${Math.floor((100 * status.bytes_done) / status.bytes_total)} %`
      : "";

  const chip = (task, status) => {
    const made = element(
      "li",
      { className: `chip-state ${status.state}`, title: status.error || "" },
      element("i", { ariaHidden: "true" }),
      element("b", { textContent: say(`tab_${task}`) }),
      element("span", { textContent: say(`state_${status.state}`) + progress(status) }),
    );
    made.dataset.task = task;
    return made;
  };

  window.prewarm = { say, element };

  const replace = (parent, children) => {
    const next = element("div", {}, ...children);
    if (parent && parent.innerHTML !== next.innerHTML) parent.replaceChildren(...next.childNodes);
  };

  const showBanner = (models) => {
    const banner = document.getElementById("sample-banner");
    if (!banner) return;
    banner.hidden = !tasks.some((task) => models[task]?.state === "ready" && models[task].source === "sample");
    const parts = say("sample_text").split(/(--[a-z-]+(?: hub)?)/);
    const marked = parts.map((part, odd) => (odd % 2 ? element("code", { textContent: part }) : part));
    replace(banner, [element("b", { textContent: say("sample_title") }), " ", ...marked]);
  };

  const showNotes = (models) => {
    for (const note of document.querySelectorAll(".model-note")) {
      const state = models[note.dataset.task]?.state ?? "unreachable";
      const text = state === "ready" ? "" : say(state === "failed" ? "failed_note" : "loading_note");
      if (note.textContent !== text) note.textContent = text;
    }
  };

  const show = (models) => {
    const strip = document.getElementById("status-strip");
    replace(strip, tasks.map((task) => chip(task, models[task] ?? { state: "unreachable" })));
    showBanner(models);
    showNotes(models);
    return Boolean(strip) && document.querySelectorAll(".model-note").length > 0;
  };

  const states = async () => {
    try {
      const answer = await fetch(new URL("readyz", document.baseURI), { cache: "no-store" });
      return (await answer.json()).models ?? {};
    } catch {
      return {};
    }
  };

  // Asks until every model is ready and the page has drawn it, then never again.
  const poll = async () => {
    const models = await states();
    const drawn = show(models);
    const found = tasks.map((task) => models[task]?.state);
    if (drawn && found.every((state) => state === "ready")) return;
    const settled = drawn && found.every((state) => state === "ready" || state === "failed");
    setTimeout(poll, settled ? 10000 : drawn ? 700 : 150);
  };
  poll();

  // Tabs that are opened later bring their own note.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[role="tab"]')) setTimeout(poll, 100);
  });

  // A file the browser cannot draw (HEIC, or no picture at all) shows nothing instead of a torn icon.
  const drawn = (event) => {
    if (event.target.closest?.(".photo")) event.target.style.visibility = event.type === "error" ? "hidden" : "";
  };
  for (const kind of ["error", "load"]) document.addEventListener(kind, drawn, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const button = [...document.querySelectorAll("button.run")].find((candidate) => candidate.offsetParent);
    if (button) button.click();
  });
})();

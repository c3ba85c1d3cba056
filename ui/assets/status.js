// The state of every model: in the strip, in the note of each tab, and on the Status tab.
(() => {
  const { say, element, replace, visible } = window.prewarm;
  const tasks = ["cartoon", "matting", "emotion"];
  const stages = ["fetching", "loading", "warming"];
  const changing = ["pending", ...stages];
  const SOON = 700;
  const LATER = 2500;
  const SELDOM = 10000;

  const percent = ({ bytes_done: done, bytes_total: total }) => Math.floor((100 * done) / total);
  const fetching = (status) => status.state === "fetching" && status.bytes_total > 0;
  const stateText = (status) =>
    say(`state_${status.state}`) + (fetching(status) ? ` ${percent(status)} %` : "");

  const nameOf = (task, status) => {
    const variant = status.key?.slice(task.length + 1);
    const key = { cartoon: `style_${variant}`, matting: `variant_${variant}` }[task];
    return key && variant ? `${say(`tab_${task}`)} · ${say(key)}` : say(`tab_${task}`);
  };
  const taskOf = (key) => key.split("-")[0];

  const chip = (name, task, status) => {
    const made = element(
      "li",
      { className: `chip-state ${status.state}`, title: status.error || "" },
      element("i", { ariaHidden: "true" }),
      element("b", { textContent: name }),
      element("span", { textContent: stateText(status) }),
    );
    made.dataset.task = task;
    return made;
  };

  /** Further models that are to be warm, as one chip that is as wide for one of them as for all. */
  const others = ({ models, variants }) => {
    const wanted = Object.entries(variants).filter(([, status]) => status.wanted);
    const open = wanted.filter(([, { state }]) => state !== "ready");
    if (!open.length) return [];
    const all = [...Object.values(models), ...wanted.map(([, status]) => status)];
    const counts = { ready: all.filter(({ state }) => state === "ready").length, all: all.length };
    const lost = open.every(([, { state }]) => state === "failed");
    const told = open.map(([key, status]) => `${nameOf(taskOf(key), status)}: ${stateText(status)}`).join("\n");
    const made = element(
      "li",
      { className: `chip-state others ${lost ? "failed" : "loading"}`, title: told },
      element("i", { ariaHidden: "true" }),
      element("b", { textContent: say("models_counted", counts) }),
      element("span", { className: "unseen", textContent: say("models_counted_text") }),
    );
    return [made];
  };

  const strip = (answer) => [
    ...tasks.map((task) => chip(say(`tab_${task}`), task, answer.models[task] ?? { state: "unreachable" })),
    ...others(answer),
  ];

  const banner = (models) => {
    const parts = say("sample_text").split(/(--[a-z-]+(?: hub)?)/);
    const marked = parts.map((part, odd) => (odd % 2 ? element("code", { textContent: part }) : part));
    return [element("b", { textContent: say("sample_title") }), " ", ...marked];
  };

  const note = (status) => {
    if (status.state === "ready") return "";
    if (status.state === "failed") return say("failed_note");
    return fetching(status)
      ? say("fetching_note", { done: size(status.bytes_done), total: size(status.bytes_total) })
      : say("loading_note");
  };

  const showNotes = (models) => {
    for (const place of document.querySelectorAll(".model-note")) {
      const text = note(models[place.dataset.task] ?? { state: "unreachable" });
      if (place.textContent !== text) place.textContent = text;
    }
  };

  // The Status tab.
  const size = (bytes) => {
    const unit = bytes >= 1e9 ? "GB" : "MB";
    return `${(bytes / (unit === "GB" ? 1e9 : 1e6)).toFixed(1)} ${unit}`;
  };
  const time = (seconds) =>
    seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;

  const onDevice = ({ device_memory_mb: model, device }, devices) => {
    const { used, limit, total } = devices?.[device] ?? {};
    const all = used != null && say("status_device_memory_text", { used: size(used), limit: size(limit ?? total) });
    return model != null && [`${Math.round(model)} MB`, all].filter(Boolean).join(" · ");
  };

  const facts = (status, queue, devices) =>
    [
      ["model", status.model_id],
      ["source", status.source && say(`source_${status.source}`)],
      ["revision", status.revision],
      ["engine", [status.engine, status.device, status.precision].filter(Boolean).join(" · ")],
      ["note", status.note],
      ["memory", status.memory_mb != null && `${Math.round(status.memory_mb)} MB`],
      ["device_memory", onDevice(status, devices)],
      ["served", String(status.served)],
      ["first", status.first_seconds != null && time(status.first_seconds)],
      ["median", status.median_seconds != null && time(status.median_seconds)],
      ["queue", queue && say("status_queue_text", queue)],
      ["licence", status.licence],
    ].filter(([, value]) => value);

  const bytesBar = (status) => {
    const value = percent(status);
    const bar = element("div", { className: "meter", role: "progressbar", ariaLabel: say("state_fetching") });
    bar.setAttribute("aria-valuenow", value);
    bar.setAttribute("aria-valuemin", 0);
    bar.setAttribute("aria-valuemax", 100);
    bar.append(element("span", { style: `width:${value}%` }));
    const text = say("status_bytes", { done: size(status.bytes_done), total: size(status.bytes_total) });
    return [bar, element("p", { className: "meter-text", textContent: text })];
  };

  const stageList = (seconds) =>
    element(
      "ol",
      { className: "stages", ariaLabel: say("status_stages") },
      ...stages
        .filter((stage) => seconds[stage] != null)
        .map((stage) =>
          element("li", {}, say(`status_${stage}`), " ", element("b", { textContent: time(seconds[stage]) })),
        ),
    );

  const card = (task, status, queue, devices) =>
    element(
      "section",
      { className: `model-card ${status.state}` },
      element(
        "header",
        { className: `chip-state ${status.state}` },
        element("i", { ariaHidden: "true" }),
        element("h2", { textContent: nameOf(task, status) }),
        element("span", { textContent: stateText(status) }),
      ),
      ...(fetching(status) ? bytesBar(status) : []),
      ...(status.error ? [element("p", { className: "message error", textContent: status.error })] : []),
      ...(status.slow_start
        ? [element("p", { className: "message note", textContent: say("status_slow", { times: status.start_ratio }) })]
        : []),
      ...(Object.keys(status.seconds ?? {}).length ? [stageList(status.seconds)] : []),
      element(
        "dl",
        {},
        ...facts(status, queue, devices).map(([key, value]) =>
          element("div", {}, element("dt", { textContent: say(`status_${key}`) }), element("dd", { textContent: value })),
        ),
      ),
    );

  const board = ({ models, variants, queues, devices }) => [
    ...tasks.filter((task) => models[task]).map((task) => card(task, models[task], queues?.[task], devices)),
    ...Object.entries(variants).map(([key, status]) => card(taskOf(key), status, null, devices)),
  ];

  const show = (answer) => {
    const place = document.getElementById("status-strip");
    replace(place, strip(answer));
    place?.setAttribute("aria-label", say("models_label"));
    const sample = document.getElementById("sample-banner");
    if (sample) {
      sample.hidden = !tasks.some((task) => answer.models[task]?.source === "sample");
      replace(sample, banner(answer.models));
    }
    showNotes(answer.models);
    replace(document.getElementById("status-board"), board(answer));
    return Boolean(place) && document.querySelectorAll(".model-note").length > 0;
  };

  const states = async () => {
    try {
      const answer = await fetch(new URL("readyz", document.baseURI), { cache: "no-store" });
      const { models = {}, variants = {}, queues = {}, devices = {} } = await answer.json();
      return { models, variants, queues, devices };
    } catch {
      return { models: {}, variants: {}, queues: {}, devices: {} };
    }
  };

  const pause = (drawn, { models, variants }) => {
    const found = [...tasks.map((task) => models[task]?.state), ...Object.values(variants).map(({ state }) => state)];
    if (!drawn) return 150;
    const resting = Object.values(variants).every(({ state }) => ["pending", "ready", "failed"].includes(state));
    if (!resting || tasks.some((task) => changing.includes(models[task]?.state))) return SOON;
    if (found.includes("pending") || visible("#status-board")) return LATER;
    return found.every((state) => state === "ready") ? null : SELDOM;
  };

  // Asks while something changes or the Status tab is open, and never while nobody looks.
  let timer;
  let asked = 0;
  const poll = async () => {
    clearTimeout(timer);
    const turn = ++asked;
    const answer = await states();
    if (turn !== asked) return;
    const wait = pause(show(answer), answer);
    if (wait !== null && !document.hidden) timer = setTimeout(poll, wait);
  };
  poll();
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : poll()));

  // Tabs that are opened later bring their own note; a run or another style may make the server load a model.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[role="tab"], .run, .chips')) setTimeout(poll, 150);
  });
  window.prewarm.poll = poll;
})();

// What the other scripts share, and the switches in the page's head.
(() => {
  const texts = __TEXTS__;
  const root = document.documentElement;
  const zh = () => root.dataset.lang === "zh";

  /** The text `key` in the page's language, its {names} filled in. */
  const say = (key, values = {}) =>
    texts[key][zh() ? 1 : 0].replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);

  /** The same, or nothing where there is no such text. */
  const known = (key) => (key in texts ? say(key) : undefined);

  const element = (tag, attributes, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };

  /** Puts `children` into `parent`, unless they are there already. */
  const replace = (parent, children) => {
    const next = element("div", {}, ...children);
    if (parent && parent.innerHTML !== next.innerHTML) parent.replaceChildren(...next.childNodes);
  };

  const open = (candidate) => candidate.offsetParent !== null;
  /** The first element that matches `selector` on the tab that is open. */
  const visible = (selector) => [...document.querySelectorAll(selector)].find(open);

  Object.assign(window.prewarm, { say, known, element, replace, visible });

  // Gradio names a tab anew only once it was opened.
  const nameTabs = () => {
    for (const key of ["cartoon", "matting", "emotion", "status"]) {
      for (const tab of document.querySelectorAll(`[id="tab-${key}-button"], [data-tab-id="${key}"]`)) {
        const text = [...tab.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (text) text.data = say(`tab_${key}`);
      }
    }
  };

  /** The page in another language, in place: a photo, a recording and a result in hand stay. */
  const speak = async (language) => {
    localStorage.setItem("prewarm_language", language);
    window.prewarm.speak(language);
    const { changeLocale } = await import(new URL("__LOCALE_MODULE__", document.baseURI));
    changeLocale(language);
    nameTabs();
    window.prewarm.poll();
    document.dispatchEvent(new Event("prewarm-language")); // the page asks the server for its sentences anew
  };

  const dress = () => {
    const theme = localStorage.getItem("prewarm_theme");
    if (theme) document.body.classList.toggle("dark", theme === "dark");
  };

  const changeTheme = () => {
    const theme = document.body.classList.contains("dark") ? "light" : "dark";
    localStorage.setItem("prewarm_theme", theme);
    root.style.colorScheme = theme;
    dress();
  };

  // Gradio dresses the page as the system is; the visitor's choice comes last.
  new MutationObserver(dress).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  dress();

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("#language-switch, #theme-switch");
    if (pressed?.id === "language-switch") speak(zh() ? "en" : "zh-CN").catch(() => location.reload());
    if (pressed?.id === "theme-switch") changeTheme();
  });

  // A file the browser cannot draw (HEIC, or no picture at all) shows nothing instead of a torn icon;
  // one it can is named.
  const drawn = (event) => {
    if (!event.target.closest?.(".photo")) return;
    event.target.style.visibility = event.type === "error" ? "hidden" : "";
    event.target.alt ||= say("photo");
  };
  for (const kind of ["error", "load"]) document.addEventListener(kind, drawn, true);
})();

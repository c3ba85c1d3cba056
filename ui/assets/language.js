// The visitor's language: as chosen on the page, or the first of ours that the browser wishes for. Runs before Gradio,
// which takes its static texts by `navigator.language`; the server takes it from the header that owner.js sends.
(() => {
  const root = document.documentElement;
  const wish = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "en";

  const speak = (language) => {
    for (const [name, value] of [["language", language], ["languages", [language]]]) {
      Object.defineProperty(navigator, name, { get: () => value, configurable: true });
    }
    root.lang = language;
    root.dataset.lang = language.slice(0, 2);
  };

  const chosen = localStorage.getItem("prewarm_language");
  speak(["en", "zh-CN"].includes(chosen) ? chosen : wish.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
  const theme = localStorage.getItem("prewarm_theme");
  if (theme) root.style.colorScheme = theme;
  window.prewarm = { speak };
})();

// The visitor's language: as chosen on the page, or the first of ours that the browser wishes for. Runs before Gradio,
// which takes its static texts by `navigator.language`; the server reads the cookie.
(() => {
  const wish = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "en";
  const chosen = document.cookie.match(/(?:^|; )prewarm_language=(en|zh-CN)(?:;|$)/)?.[1];
  const language = chosen ?? (wish.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
  for (const [name, value] of [["language", language], ["languages", [language]]]) {
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  }
  const root = document.documentElement;
  root.lang = language;
  root.dataset.lang = language.slice(0, 2);
  const theme = localStorage.getItem("prewarm_theme");
  if (theme) root.style.colorScheme = theme;
})();

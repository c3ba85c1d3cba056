// Storage that the browser refuses or that is full is one in memory before anybody asks for it: the page and Gradio go on,
// and what they kept is forgotten with the next load. Also what else a page must know of where it is shown.
(() => {
  const root = document.documentElement;

  const readable = (name) => {
    try {
      return Object.entries(window[name]);
    } catch {
      return [];
    }
  };

  const inMemory = (entries) => {
    const kept = new Map(entries);
    return {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (place) => [...kept.keys()][place] ?? null,
      get length() {
        return kept.size;
      },
    };
  };

  const writable = (name) => {
    try {
      window[name].setItem("prewarm-probe", "?");
      window[name].removeItem("prewarm-probe");
      return true;
    } catch {
      return false;
    }
  };

  for (const name of ["localStorage", "sessionStorage"]) {
    if (writable(name)) continue;
    root.dataset.forgets = "";
    Object.defineProperty(window, name, { value: inMemory(readable(name)), configurable: true });
  }

  // It may also become full later, by pages of other servers on the same host.
  const set = window.Storage?.prototype.setItem;
  if (set) {
    Storage.prototype.setItem = function (...pair) {
      try {
        set.apply(this, pair);
      } catch {
        root.dataset.forgets = "";
      }
    };
  }

  if (!window.isSecureContext) root.dataset.insecure = ""; // no microphone, no camera, no clipboard to read
})();

// Gradio names a place for files otherwise than it reads, and who speaks to the page says what stands there (WCAG 2.5.3).
(() => {
  const named = () => {
    for (const place of document.querySelectorAll(".upload-container[aria-label]")) {
      if (place.textContent.trim()) place.removeAttribute("aria-label");
    }
  };
  new MutationObserver(named).observe(document.body, { childList: true, subtree: true });
})();

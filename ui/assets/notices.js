// Sentences at the foot of the window, wherever one has scrolled to: for what has no other place on the page.
(() => {
  const { visible, say, element } = window.prewarm;
  const TOLD_MS = 10_000;
  const LOST = "Connection to the server was lost. Attempting reconnection..."; // Gradio's own, in English alone
  const STATUS = /^HTTP \d{3}: /; // which Gradio puts before what the server says
  const MARK = "prewarm-lost";

  const tell = (key) => {
    const note = element("p", { className: "notice", role: "alert", textContent: say(key) });
    document.querySelector(".notice")?.remove();
    document.body.append(note);
    setTimeout(() => note.remove(), TOLD_MS);
  };
  window.prewarm.tell = tell;

  // Gradio loads the page anew once the server is back, and with it goes what was in hand.
  if (sessionStorage.getItem(MARK)) tell("lost_before");
  sessionStorage.removeItem(MARK);
  const translate = () => {
    for (const text of document.querySelectorAll('[data-testid="toast-text"]')) {
      const told = text.textContent.trim();
      if (told === LOST) {
        text.textContent = say("lost_now");
        sessionStorage.setItem(MARK, "yes");
      } else if (STATUS.test(told)) text.textContent = told.replace(STATUS, "");
    }
  };
  new MutationObserver(translate).observe(document.body, { childList: true, subtree: true });

  const isEmpty = (place) =>
    [...place.querySelectorAll('[data-testid="upload-text"]')].some((text) => text.offsetParent !== null);
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("button.run") && (visible(".photo") ?? visible("#emotion-recording"));
    if (place && isEmpty(place)) tell("no_file");
  });
})();

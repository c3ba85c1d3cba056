// Ctrl or Cmd with Enter runs the open tab; arrows go from tab to tab; a picture pasted anywhere goes into its photo.
(() => {
  const { visible } = window.prewarm;

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    visible("button.run")?.click();
  });

  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const tab = step && event.target.closest?.('[role="tab"]');
    if (!tab) return;
    const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });

  const pictureIn = (event) =>
    [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));

  // Gradio's own input is used, as if the file had been chosen there.
  const paste = (event) => {
    const input = visible(".photo")?.querySelector('input[type="file"]');
    const file = pictureIn(event);
    if (!input || !file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const carried = new DataTransfer();
    carried.items.add(file);
    input.files = carried.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("paste", paste, true);
})();

// Over plain http browsers have no clipboard for scripts, and Gradio's buttons for copying would do nothing.
(() => {
  const writeText = async (text) => {
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };
  if (!navigator.clipboard) Object.defineProperty(navigator, "clipboard", { value: { writeText } });
})();

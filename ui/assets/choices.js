// Gradio gives every radio button a name of its own, so the browser sees no group: one stop for Tab and arrows within.
(() => {
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const radios = (fieldset) => [...fieldset.querySelectorAll('input[type="radio"]')];

  document.addEventListener("keydown", (event) => {
    const group = event.target.type === "radio" && event.target.closest("fieldset");
    if (!group || !STEPS[event.key]) return;
    event.preventDefault();
    const all = radios(group);
    const next = all[(all.indexOf(event.target) + STEPS[event.key] + all.length) % all.length];
    next.focus();
    next.click();
  });

  // Coming in with Tab lands on the chosen one, and the next Tab leaves.
  document.addEventListener("focusin", (event) => {
    const group = event.target.type === "radio" && event.target.closest("fieldset");
    if (!group) return;
    const chosen = group.querySelector('input[type="radio"]:checked');
    const entering = !group.contains(event.relatedTarget) && event.target.matches(":focus-visible");
    if (entering && chosen && chosen !== event.target) return chosen.focus();
    group.setAttribute("role", "radiogroup");
    for (const radio of radios(group)) radio.tabIndex = radio === event.target ? 0 : -1;
  });
})();

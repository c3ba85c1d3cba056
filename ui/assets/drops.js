// What is dropped or pasted on a tab goes into its photo or recording, wherever it lands, and what cannot is told. Alone,
// Gradio takes nothing over a photo in hand, and a browser leaves the page for a file that is dropped beside its place.
(() => {
  const { visible, tell } = window.prewarm;
  const PLACES = ".photo, #matting-behind, #emotion-recording";
  const LOOK_MS = 50;
  const LOOKS = 60;

  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
  const filesOf = ({ items }) =>
    [...items].filter((item) => item.kind === "file" && !isFolder(item)).map((item) => item.getAsFile());

  const placeOf = (target) => target.closest?.(PLACES) ?? visible(".photo") ?? visible("#emotion-recording");
  const isForMany = (target) => Boolean(target.closest?.('[id$="-batch-files"]'));
  const isText = (target) => Boolean(target.matches?.('input:not([type="file"]), textarea, [contenteditable]'));

  const chooserIn = async (place) => {
    const found = () => place.querySelector('input[type="file"]');
    if (!found()) place.querySelector(".icon-button")?.click(); // a recording in hand gives way first
    for (let look = 0; !found() && look < LOOKS; look++) await new Promise((done) => setTimeout(done, LOOK_MS));
    return found();
  };

  // Gradio's own input is used, as if the file had been chosen there.
  const put = async (place, file) => {
    const chooser = await chooserIn(place);
    if (!chooser) return tell("dropped_early");
    const carried = new DataTransfer();
    carried.items.add(file);
    chooser.files = carried.files;
    chooser.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const take = (target, transfer) => {
    const files = filesOf(transfer);
    const place = placeOf(target);
    if ([...transfer.items].some(isFolder)) return tell("dropped_folder");
    if (!place) return tell("dropped_nowhere");
    if (!files.length) return tell("dropped_no_file");
    if (files.length > 1) tell("dropped_several");
    put(place, files[0]);
  };

  const isMeant = ({ target, dataTransfer }) =>
    !isText(target) &&
    (["Files", "text/uri-list"].some((type) => dataTransfer?.types.includes(type)) || target.closest?.(PLACES));

  // Over a photo in hand Gradio draws a frame that would stay.
  const isInHand = ({ target }) => target.closest?.(PLACES) && !target.closest(".upload-container");
  const hover = (event) => {
    if (!isMeant(event)) return;
    event.preventDefault();
    if (isInHand(event)) event.stopImmediatePropagation();
  };
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, hover, true);
  document.addEventListener(
    "drop",
    (event) => {
      const { target, dataTransfer } = event;
      const folder = [...(dataTransfer?.items ?? [])].some(isFolder);
      if (!isMeant(event) || (isForMany(target) && !folder)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      target.dispatchEvent(new DragEvent("dragleave", { bubbles: true })); // Gradio's frame around the place goes
      take(target, dataTransfer);
    },
    true,
  );

  document.addEventListener(
    "paste",
    (event) => {
      const { target, clipboardData } = event;
      const files = filesOf(clipboardData ?? { items: [] });
      if (!placeOf(target) || (isText(target) && !files.length)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      take(target, clipboardData);
    },
    true,
  );
})();

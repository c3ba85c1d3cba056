// The server decides by content what a photo or a recording is, and says in a sentence what is none. Gradio would judge
// by the type that a browser guesses from a name, refuse a film's voice, and answer with a list of such types.
(() => {
  const SUFFIXES = __SUFFIXES__;
  const INPUTS = { ".photo, #matting-behind": ["image", "picture"], "#emotion-recording": ["audio", "recording"] };

  const inputAround = (element) => {
    const found = Object.entries(INPUTS).find(([selector]) => element.closest?.(selector));
    return found?.[1];
  };

  const named = (file, kind) =>
    file.type.startsWith(`${kind}/`) ? file : new File([file], file.name, { type: `${kind}/x-unknown` });

  const passing = (files, kind) => {
    const carried = new DataTransfer();
    for (const file of files) carried.items.add(named(file, kind));
    return carried;
  };

  const onFileInput = (event, act) => {
    const input = inputAround(event.target);
    if (input && event.target.matches('input[type="file"]')) act(event.target, ...input);
  };

  document.addEventListener(
    "click",
    (event) => onFileInput(event, (chooser, kind, family) => (chooser.accept = [`${kind}/*`, ...SUFFIXES[family]].join())),
    true,
  );
  document.addEventListener(
    "change",
    (event) => onFileInput(event, (chooser, kind) => (chooser.files = passing(chooser.files, kind).files)),
    true,
  );
})();

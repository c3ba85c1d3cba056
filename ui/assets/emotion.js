// The timeline of a recording: the moment under the pointer is told, a click or a key moves the player there.
(() => {
  const timeline = (node) => node.closest?.(".timeline");
  const segments = (section) => (section.spans ??= JSON.parse(section.dataset.segments));
  const segmentAt = (section, second) =>
    segments(section).find(([start, end]) => start <= second && second < end) ?? segments(section).at(-1);

  const tell = (section, second) => {
    const track = section.querySelector(".track");
    const cursor = section.querySelector(".cursor");
    const text = segmentAt(section, second)?.[2] ?? "";
    cursor.hidden = false;
    cursor.style.left = `${(100 * second) / section.dataset.duration}%`;
    track.setAttribute("aria-valuenow", second.toFixed(1));
    track.setAttribute("aria-valuetext", text);
    const readout = section.querySelector(".readout");
    if (readout.textContent !== text) readout.textContent = text;
  };

  const secondAt = (event, track) => {
    const { left, width } = track.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - left) / width, 0), 0.9999);
    return share * timeline(track).dataset.duration;
  };

  const play = (section, second) => {
    const audio = section.querySelector("audio");
    audio.currentTime = second;
    audio.play().catch(() => {}); // a browser may want a second click
    tell(section, second);
  };

  document.addEventListener("pointermove", (event) => {
    const track = event.target.closest?.(".timeline .track");
    if (track) tell(timeline(track), secondAt(event, track));
  });

  document.addEventListener("click", (event) => {
    const track = event.target.closest?.(".timeline .track");
    if (track) play(timeline(track), secondAt(event, track));
    const button = event.target.closest?.(".timeline .seek");
    if (button) play(timeline(button), Number(button.dataset.second));
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".timeline .track")) return;
    const section = timeline(event.target);
    const now = Number(event.target.getAttribute("aria-valuenow"));
    const starts = segments(section).map(([start]) => start);
    const moves = {
      ArrowRight: () => starts.find((start) => start > now + 0.05),
      ArrowLeft: () => starts.findLast((start) => start < now - 0.05),
      Home: () => 0,
      End: () => starts.at(-1),
    };
    if (moves[event.key]) tell(section, moves[event.key]() ?? now);
    else if (event.key === "Enter" || event.key === " ") play(section, now);
    else return;
    event.preventDefault();
  });

  // Media events do not bubble; they can be caught on the way down.
  document.addEventListener(
    "timeupdate",
    (event) => {
      const section = timeline(event.target);
      if (section && !event.target.paused) tell(section, event.target.currentTime);
    },
    true,
  );
})();

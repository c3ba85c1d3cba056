// Settings that the browser has kept: what was never stored, or means nothing any more, changes nothing.
(() => {
  const isMeant = (value, { choices, range, pattern }) => {
    if (choices) return choices.includes(value);
    if (pattern) return typeof value === "string" && new RegExp(pattern).test(value);
    return Number.isFinite(value) && range[0] <= value && value <= range[1];
  };

  /** A value for every control that `mayBe` tells of, by name; undefined leaves one as it is. */
  window.prewarm.stillMeant = (stored, mayBe) =>
    Object.entries(mayBe).map(([name, told]) => (isMeant(stored?.[name], told) ? stored[name] : undefined));
})();

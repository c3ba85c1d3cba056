// Svelte watches every object that it is given, and Gradio asks all events for each component: a second on a phone.
// It leaves alone what is no plain array, and nothing of this ever changes.
(() => {
  class Unwatched extends Array {}
  let config;
  Object.defineProperty(window, "gradio_config", {
    configurable: true,
    get: () => config,
    set: (given) => {
      config = given;
      for (const list of [config.components, config.dependencies]) Object.setPrototypeOf(list, Unwatched.prototype);
    },
  });
})();

(() => {
  // 128 random bits that no one else has: what makes a batch and a history the visitor's own. Not a cookie: browsers
  // send those to every other server on the same host, whatever its port.
  const name = "prewarm-visitor";
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const stored = () => {
    try {
      if (!/^[0-9a-f]{32}$/.test(localStorage[name])) localStorage[name] = fresh();
      return localStorage[name];
    } catch {
      return fresh(); // no store in this browser: its own until the next refresh
    }
  };
  const key = stored();

  const send = window.fetch;
  window.fetch = (address, options) => {
    const { origin, pathname } = new URL(address.url ?? address, document.baseURI);
    const job = origin === location.origin && /\/gradio_api\/(queue|run)\//.test(pathname);
    if (!job || options?.method !== "POST") return send(address, options);
    const headers = new Headers(options.headers);
    headers.set("X-Prewarm-Visitor", key);
    return send(address, { ...options, headers });
  };
})();

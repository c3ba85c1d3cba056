(() => {
  // 128 random bits that nobody else has: what makes a batch and a history the visitor's own.
  const name = "prewarm_visitor";
  const known = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const path = new URL(".", document.baseURI).pathname;
  document.cookie = `${name}=${known ?? fresh()}; Path=${path}; Max-Age=2592000; SameSite=Strict${secure}`;
})();

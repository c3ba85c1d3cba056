// What the server refuses before it has read anything, it refuses in JSON, and Gradio shows the whole of it: the sentence
// alone, in the page's language where there is one.
(() => {
  const send = window.fetch;

  const sentence = async (answer) => {
    const { error } = await answer.clone().json();
    return window.prewarm.known(`refused_${error.code}`) ?? error.message;
  };

  const told = async (answer, upload) => {
    try {
      const detail = await sentence(answer);
      const { status, headers } = answer;
      return new Response(upload ? detail : JSON.stringify({ detail }), { status, headers });
    } catch {
      return answer;
    }
  };

  window.fetch = async (address, options) => {
    const { origin, pathname } = new URL(address.url ?? address, document.baseURI);
    const answer = await send(address, options).catch((error) => {
      if (error.name !== "TypeError" || !pathname.endsWith("/gradio_api/upload")) throw error;
      return new Response(window.prewarm.say("lost_upload"), { status: 503 }); // no answer came at all
    });
    if (answer.ok || origin !== location.origin || !/\/gradio_api\/(upload|queue|run)/.test(pathname)) return answer;
    return told(answer, pathname.endsWith("/upload"));
  };
})();

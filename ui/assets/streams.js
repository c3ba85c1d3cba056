// Gradio's client loses a job that is handed in while the server closes the stream of the one before: it believes that
// stream open, and nobody reads what the server tells of the new job. Here a stream goes on until every job has ended.
(() => {
  const send = window.fetch;
  const running = new Set(); // jobs that were handed in
  const ended = new Set(); // jobs whose end was heard before the answer to handing them in
  const CLOSING_MS = 1000; // at most, for Gradio to let go of a stream that was closed
  let joins = Promise.resolve();
  let closing = Promise.resolve();

  const join = async (...call) => {
    const answer = await send(...call);
    const { event_id: job } = answer.ok ? await answer.clone().json() : {};
    if (job && !ended.delete(job)) running.add(job);
    return answer;
  };

  const joined = async (...call) => {
    const joining = join(...call);
    joins = Promise.allSettled([joins, joining]);
    const answer = await joining;
    await closing; // only then does Gradio see that it needs another stream
    return answer;
  };

  const letGo = (signal) =>
    new Promise((done) => {
      signal.addEventListener("abort", done);
      setTimeout(done, CLOSING_MS);
    });

  const hear = (message) => {
    const told = message.startsWith("data: ") ? JSON.parse(message.slice("data: ".length)) : {};
    if (told.msg === "process_completed" && !running.delete(told.event_id)) ended.add(told.event_id);
    return told;
  };

  /** Passes the messages of one answer on; true where the server closed it before every job was heard of. */
  const pass = async (answer, signal, stream) => {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const encoder = new TextEncoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return false;
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) {
        const told = hear(message);
        if (told.msg === "close_stream") {
          await joins;
          if (running.size) return true;
          closing = letGo(signal);
        }
        stream.enqueue(encoder.encode(`${message}\n\n`));
      }
    }
  };

  const listened = async (request) => {
    let answer = await send(request);
    if (!answer.ok) return answer;
    const start = async (stream) => {
      try {
        while (await pass(answer, request.signal, stream)) {
          answer = await send(request);
          if (!answer.ok) throw answer;
        }
        stream.close();
      } catch (error) {
        stream.error(error);
      }
      running.clear(); // of whatever is left nothing more will be heard
    };
    return new Response(new ReadableStream({ start: (stream) => void start(stream) }), { headers: answer.headers });
  };

  window.fetch = (address, options) => {
    const { origin, pathname } = new URL(address.url ?? address, document.baseURI);
    if (origin === location.origin && pathname.endsWith("/gradio_api/queue/join")) return joined(address, options);
    const stream = origin === location.origin && pathname.endsWith("/gradio_api/queue/data");
    return stream && address instanceof Request ? listened(address) : send(address, options);
  };
})();

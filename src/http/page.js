// Completes the address as it is typed, and puts the answer on the page without a new one: what is asked is in no URL that
// the browser keeps. Without this script the form works as any other.
"use strict";
(() => {
  const form = document.getElementById("question");
  const place = document.getElementById("place");
  const places = document.getElementById("places");
  const answer = document.getElementById("answer");
  let waiting = 0;
  let typing = null;

  const complete = async () => {
    const text = place.value.trim();
    if (typing) typing.abort();
    if (text.length < 2) return places.replaceChildren();
    typing = new AbortController();
    try {
      // As a body: what is typed stands in no URL, which proxies log.
      const reply = await fetch("v1/addresses/complete", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ q: text, limit: 8 }),
        signal: typing.signal,
      });
      if (!reply.ok) return;
      const options = (await reply.json()).completions.map(({ label }) => {
        const option = document.createElement("option");
        option.value = label;
        return option;
      });
      places.replaceChildren(...options);
    } catch {
      // Given up for what was typed since, or the server is gone: typing goes on without help.
    }
  };

  if (place) {
    place.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(complete, 120);
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    answer.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("answer");
      if (!fresh) throw new Error("no answer");
      answer.replaceChildren(...fresh.childNodes);
    } catch {
      form.submit();
    } finally {
      answer.removeAttribute("aria-busy");
    }
  });
})();

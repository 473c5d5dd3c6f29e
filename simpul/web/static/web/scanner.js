/* A scanner types like a keyboard, only faster than people.
 *
 * At least 8 characters, 35 ms apart on average and never more than 80, ended by Enter or Tab (or
 * begun by one and followed by silence) that read like a label (RM: AQ: BK:) or a card's digits are
 * a scan wherever the focus is: the field gets its former text back, no form is sent, and the code goes to the search box.
 *
 *   data-key-find         box that takes the code; gets the events `scan` (bubbles, detail.code) and,
 *                         unless that is cancelled, `search` (write hx-trigger="input changed delay:150ms, search")
 *   data-scan-here        on a box: takes scans instead of the search box while it has the focus
 *   body event `simpul:scan` is sent when the page has no such box
 */
(() => {
  "use strict";
  const MIN_LENGTH = 8;
  const MEAN_MS = 35;
  const MAX_MS = 80;
  const SILENCE_MS = 120;
  // What our labels and identity cards say. Anything else that comes fast is a person's text.
  const CODE = /^(?:(?:RM|AQ|BK):\s?\S+|[0-9]{8,20})$/i;
  let burst = null;
  let lead = -Infinity; // when a lone Enter or Tab came
  let timer = 0;

  const begin = (event, led) => {
    const field = event.target.matches?.("input,textarea") ? event.target : null;
    burst = { text: "", start: event.timeStamp, last: event.timeStamp, field, value: field?.value, led, at: 0 };
    try { burst.at = field?.selectionStart ?? 0; } catch { burst.at = 0; }
  };
  const isScan = () =>
    burst && burst.text.length >= MIN_LENGTH && CODE.test(burst.text) && (burst.last - burst.start) / (burst.text.length - 1) <= MEAN_MS;

  function take() {
    clearTimeout(timer);
    const { text, field, value, at } = burst;
    burst = null;
    if (field?.isConnected && field.value !== value) {
      field.value = value;
      try { field.setSelectionRange(at, at); } catch { /* number and date fields have no caret */ }
      field.dispatchEvent(new Event("input", { bubbles: true })); // drafts and echoes follow back
    }
    const here = field?.matches("[data-scan-here]") ? field : null;
    const box = here || document.querySelector("dialog[open] [data-key-find]") || document.querySelector("[data-key-find]");
    const scan = new CustomEvent("scan", { bubbles: true, cancelable: true, detail: { code: text } });
    if (!box) {
      const free = document.body.dispatchEvent(new CustomEvent("simpul:scan", { cancelable: true, detail: { code: text } }));
      if (free) window.simpul.say(window.simpul.text("pindai"));
      return;
    }
    box.value = text;
    box.focus();
    if (box.dispatchEvent(scan)) box.dispatchEvent(new Event("search", { bubbles: true }));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { burst = null; return; }
    if (event.key === "Enter" || event.key === "Tab") {
      if (isScan() && event.timeStamp - burst.last <= MAX_MS) {
        event.preventDefault();
        event.stopImmediatePropagation();
        take();
      } else {
        burst = null;
        lead = event.timeStamp;
      }
      return;
    }
    if (event.key.length !== 1) return; // Shift and the like belong to the burst
    if (event.repeat) { burst = null; return; }
    if (!burst || event.timeStamp - burst.last > MAX_MS || burst.field !== (event.target.matches?.("input,textarea") ? event.target : null)) {
      begin(event, event.timeStamp - lead <= MAX_MS);
    }
    burst.text += event.key;
    burst.last = event.timeStamp;
    clearTimeout(timer);
    if (burst.led) timer = setTimeout(() => { if (isScan()) take(); }, SILENCE_MS);
  }, true);
})();

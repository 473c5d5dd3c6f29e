/* Sealing what is kept here: AES-GCM, a fresh nonce each time, bound to the place it is kept in.
 *
 *   luring.seal.close(key, value, "outbox:ID")   {iv, data}
 *   luring.seal.open(key, sealed, "outbox:ID")   the value, or throws when key or place is another
 *   luring.seal.key(bytes)                       a key of the browser that cannot be read out again
 *   luring.seal.fromPin(pin, salt)               a key made slowly from a PIN (PBKDF2, 400,000 rounds)
 *   luring.seal.digest(salt, number)             HMAC, to look a NIK up without holding NIKs
 *   luring.seal.draftKey(bytes) · closeDraft(key, {at, values}) · openDraft(key, draft)
 *                                                drafts of the ordinary pages, as drafts.js seals them
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const ROUNDS = 400000;
  const text = new TextEncoder();
  const subtle = () => crypto.subtle;
  const bytes64 = (words) => Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0));
  const to64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = (bytes) => subtle().importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function close(with_, value, place) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const clear = text.encode(JSON.stringify(value));
    const data = await subtle().encrypt({ name: "AES-GCM", iv, additionalData: text.encode(place) }, with_, clear);
    return { iv, data };
  }
  async function open(with_, sealed, place) {
    const clear = await subtle().decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(place) }, with_, sealed.data);
    return JSON.parse(new TextDecoder().decode(clear));
  }
  async function fromPin(pin, salt) {
    const words = await subtle().importKey("raw", text.encode(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
    return subtle().deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, words,
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
  const hmacs = new Map();
  async function digest(salt, number) {
    if (!hmacs.has(salt)) {
      const bytes = Uint8Array.from(salt.match(/../g) || [], (two) => parseInt(two, 16));
      hmacs.set(salt, subtle().importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]));
    }
    return hex(new Uint8Array(await subtle().sign("HMAC", await hmacs.get(salt), text.encode(number))));
  }
  const counting = (iv) => ({ name: "AES-CTR", counter: iv, length: 32 });
  const draftKey = (bytes) => subtle().importKey("raw", bytes, "AES-CTR", false, ["encrypt", "decrypt"]);
  async function closeDraft(with_, { at, values }) {
    const iv = crypto.getRandomValues(new Uint8Array(16));
    iv.fill(0, 12);
    const data = await subtle().encrypt(counting(iv), with_, text.encode(JSON.stringify({ at, values })));
    return { at, iv: to64(iv), data: to64(new Uint8Array(data)) };
  }
  async function openDraft(with_, draft) {
    return JSON.parse(new TextDecoder().decode(await subtle().decrypt(counting(bytes64(draft.iv)), with_, bytes64(draft.data))));
  }
  const random = (count = 32) => crypto.getRandomValues(new Uint8Array(count));
  luring.seal = { close, open, key, fromPin, digest, draftKey, closeDraft, openDraft, random, bytes64, to64, hex };
})();

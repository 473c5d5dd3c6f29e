/* The square code of a slip: QR version 2, level M, capital letters and digits (up to 38 of them).
 *
 *   luring.qr.svg("AQ:0193…")   an <svg>; the same code the server prints, read by the same scanner
 *
 * ISO/IEC 18004: alphanumeric mode, 28 data and 16 correction bytes in one block, mask 0.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const SIZE = 25;
  const DATA = 28;
  const CORRECTION = 16;
  const FORMAT = 0b101010000010010; // level M, mask 0, with its own correction and pattern
  const NS = "http://www.w3.org/2000/svg";

  // Arithmetic of the field with 256 elements.
  const exp = new Uint8Array(512);
  const log = new Uint8Array(256);
  for (let i = 0, x = 1; i < 255; i += 1) { exp[i] = exp[i + 255] = x; log[x] = i; x <<= 1; if (x > 255) x ^= 0x11d; }
  const times = (a, b) => (a && b ? exp[log[a] + log[b]] : 0);
  function correction(data) {
    let generator = [1];
    for (let i = 0; i < CORRECTION; i += 1) {
      const next = new Array(generator.length + 1).fill(0);
      generator.forEach((value, at) => { next[at] ^= value; next[at + 1] ^= times(value, exp[i]); });
      generator = next;
    }
    const rest = [...data, ...new Array(CORRECTION).fill(0)];
    for (let at = 0; at < data.length; at += 1) {
      const lead = rest[at];
      if (lead) generator.forEach((value, i) => { rest[at + i] ^= times(value, lead); });
    }
    return rest.slice(data.length);
  }
  function bytesOf(text) {
    let bits = "";
    const add = (value, width) => { bits += value.toString(2).padStart(width, "0"); };
    add(0b0010, 4);
    add(text.length, 9);
    for (let at = 0; at < text.length; at += 2) {
      if (at + 1 < text.length) add(SIGNS.indexOf(text[at]) * 45 + SIGNS.indexOf(text[at + 1]), 11);
      else add(SIGNS.indexOf(text[at]), 6);
    }
    bits += "0".repeat(Math.min(4, DATA * 8 - bits.length));
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
    const bytes = bits.match(/.{8}/g).map((byte) => parseInt(byte, 2));
    for (let pad = 0xec; bytes.length < DATA; pad ^= 0xec ^ 0x11) bytes.push(pad);
    return bytes;
  }
  function matrix(text) {
    const cells = Array.from({ length: SIZE }, () => new Array(SIZE).fill(null));
    const set = (row, column, dark) => { if (row >= 0 && column >= 0 && row < SIZE && column < SIZE) cells[row][column] = dark; };
    for (const [top, left] of [[0, 0], [0, SIZE - 7], [SIZE - 7, 0]]) {
      for (let r = -1; r <= 7; r += 1) for (let c = -1; c <= 7; c += 1) {
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
        set(top + r, left + c, ring !== 2 && ring !== 4);
      }
    }
    for (let r = -2; r <= 2; r += 1) for (let c = -2; c <= 2; c += 1) set(18 + r, 18 + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
    for (let i = 8; i < SIZE - 8; i += 1) { cells[6][i] ??= i % 2 === 0; cells[i][6] ??= i % 2 === 0; }
    const bit = (i) => Boolean((FORMAT >> i) & 1);
    for (let i = 0; i < 6; i += 1) set(i, 8, bit(i));
    set(7, 8, bit(6));
    set(8, 8, bit(7));
    set(8, 7, bit(8));
    for (let i = 9; i < 15; i += 1) set(8, 14 - i, bit(i));
    for (let i = 0; i < 8; i += 1) set(8, SIZE - 1 - i, bit(i));
    for (let i = 8; i < 15; i += 1) set(SIZE - 15 + i, 8, bit(i));
    set(SIZE - 8, 8, true);
    const data = bytesOf(text);
    const bits = [...data, ...correction(data)].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => (byte >> i) & 1));
    let at = 0;
    for (let right = SIZE - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < SIZE; step += 1) {
        const row = ((right + 1) & 2) === 0 ? SIZE - 1 - step : step;
        for (const column of [right, right - 1]) {
          if (cells[row][column] !== null) continue;
          cells[row][column] = Boolean((bits[at] || 0) ^ ((row + column) % 2 === 0 ? 1 : 0));
          at += 1;
        }
      }
    }
    return cells;
  }
  function svg(text) {
    const picture = document.createElementNS(NS, "svg");
    picture.setAttribute("viewBox", `-4 -4 ${SIZE + 8} ${SIZE + 8}`);
    picture.setAttribute("class", "slip-code");
    picture.setAttribute("role", "img");
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", matrix(text).flatMap((row, r) => row.flatMap((dark, c) => (dark ? [`M${c} ${r}h1v1h-1z`] : []))).join(""));
    picture.append(path);
    return picture;
  }
  luring.qr = { svg, matrix };
})();

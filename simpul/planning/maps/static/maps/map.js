/* The live map: Leaflet over imported outlines (or computed catchments), no tiles, no network.
 * The list beside it is the same data: the marked row is the marked sign, Enter opens the row.
 */
(() => {
  "use strict";
  const field = document.getElementById("peta-bidang");
  const source = document.getElementById("peta-data");
  if (!field || !source || !window.L) return;
  const data = JSON.parse(source.textContent);
  if (!data.spots.length && !data.cells.length && !field.dataset.outlines) return;
  const FILLS = { "-2": "#8c510a", "-1": "#e3c58d", 0: "#ffffff", 1: "#9cc9e3", 2: "#2166ac", tanpa: "url(#peta-arsir)" };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  field.classList.add("is-live");
  const map = L.map(field, { maxZoom: 16, zoomSnap: 0.25, attributionControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still });
  map.getContainer().setAttribute("aria-label", field.dataset.says);
  L.control.scale({ imperial: false }).addTo(map);
  const bounds = L.latLngBounds([]);
  const signs = new Map();
  const look = (tone) => ({ color: "#5b6475", weight: 1, fillColor: tone === undefined ? "#ffffff" : FILLS[tone], fillOpacity: tone === undefined ? 0.7 : 0.85 });

  for (const cell of data.cells) {
    L.polygon(cell.ring, { ...look(), dashArray: "4 4" }).bindTooltip(text(cell.title), { sticky: true }).addTo(map);
    bounds.extend(cell.ring);
  }
  for (const spot of data.spots) {
    const at = [spot.lat, spot.lon];
    bounds.extend(at);
    let sign;
    if (data.circles) {
      if (data.areas && Object.keys(data.areas).length && field.dataset.outlines) sign = L.circleMarker(at, { radius: 4, color: "#1d2433", weight: 1, fillColor: FILLS[spot.tone], fillOpacity: 1 });
      else sign = L.circleMarker(at, { radius: 9, color: "#1d2433", weight: 1, fillColor: FILLS[spot.tone], fillOpacity: 1 });
    } else {
      const icon = L.divIcon({ className: `spot tone-${spot.tone}${spot.doubted ? " is-doubted" : ""}`, html: spot.text, iconSize: null, iconAnchor: [18, 12] });
      sign = L.marker(at, { icon, keyboard: false, title: spot.title, alt: spot.title, riseOnHover: true });
    }
    sign.bindTooltip(text(spot.title));
    sign.on("click", () => {
      const row = document.getElementById(`titik-${spot.id}`);
      if (row) { row.click(); row.scrollIntoView({ block: "nearest" }); }
    });
    sign.addTo(map);
    signs.set(spot.id, sign);
  }
  function text(words) {
    const shown = document.createElement("span");
    shown.textContent = words;
    return shown;
  }
  // No data is hatched, not only grey: the pattern lives in Leaflet's own drawing.
  function hatch() {
    const drawing = field.querySelector(".leaflet-overlay-pane svg");
    if (!drawing || drawing.querySelector("#peta-arsir")) return;
    const make = (name, values, parent) => {
      const part = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
      for (const [key, value] of Object.entries(values)) part.setAttribute(key, value);
      return part;
    };
    const pattern = make("pattern", { id: "peta-arsir", width: 8, height: 8, patternUnits: "userSpaceOnUse" }, make("defs", {}, drawing));
    make("rect", { width: 8, height: 8, fill: "#fff" }, pattern);
    make("path", { d: "M-2 2l4-4M0 8l8-8M6 10l4-4", stroke: "#5b6475", "stroke-width": 1.2 }, pattern);
  }
  const fit = () => { if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], animate: false }); };
  fit();
  hatch();

  if (field.dataset.outlines) {
    fetch(field.dataset.outlines, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : null)).then((outlines) => {
      if (!outlines) return;
      const layer = L.geoJSON(outlines, {
        style: (area) => look(data.areas[area.properties.code]?.tone),
        onEachFeature: (area, shape) => shape.bindTooltip(text(data.areas[area.properties.code]?.title || area.properties.name), { sticky: true }),
      }).addTo(map);
      layer.bringToBack();
      hatch();
      bounds.extend(layer.getBounds());
      fit();
    }).catch(() => { /* without outlines the signs still stand where they belong */ });
  }

  // The marked row of the list is the marked sign.
  const list = document.getElementById("peta-daftar");
  let marked = null;
  function follow() {
    const row = document.getElementById(list.getAttribute("aria-activedescendant") || "");
    const sign = row && signs.get(row.dataset.spot);
    if (marked) { marked.getElement()?.classList.remove("is-marked"); if (marked.setStyle) marked.setStyle({ weight: 1 }); }
    marked = sign || null;
    if (!sign) return;
    sign.getElement()?.classList.add("is-marked");
    if (sign.setStyle) sign.setStyle({ weight: 4 });
    if (sign.setZIndexOffset) sign.setZIndexOffset(1000);
    map.panInside(sign.getLatLng(), { padding: [60, 60], animate: !still });
  }
  if (list) new MutationObserver(follow).observe(list, { attributes: true, attributeFilter: ["aria-activedescendant"] });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "peta-panel") event.target.hidden = false; });
})();

// The browser's half of the map: fetch an area's shapes once, then repaint them in place for each answer.
// Texts from files are set as text, never as markup.
window.cyrraedd = (function () {
  var map, zones, outlines, chosen, markers, labels = [], byCode = {}, state = null, clicks = 0, ready;
  var UNKNOWN = "url(#unknown)";

  function pane(name, z) {
    var made = map.createPane(name);
    made.style.zIndex = z;
    made.style.pointerEvents = "none";
    return name;
  }

  function lines(shape, name, z, styles) {
    if (!shape) return;
    pane(name, z);
    styles.forEach(function (style) {
      L.geoJSON(shape, { pane: name, interactive: false, style: Object.assign({ lineCap: "round" }, style) }).addTo(map);
    });
  }

  function text(tag, words, className) {
    var made = document.createElement(tag);
    made.textContent = words;
    if (className) made.className = className;
    return made;
  }

  function both(name) {
    var box = document.createElement("div");
    var first = state && state.language === "en" ? ["en", "cy"] : ["cy", "en"];
    box.appendChild(text("span", name[first[0]])).lang = first[0];
    if (name.en !== name.cy) box.appendChild(text("span", name[first[1]], "other")).lang = first[1];
    return box;
  }

  function tip(layer) {
    var p = layer.feature.properties, box = document.createElement("div");
    box.appendChild(text("strong", state && state.language === "cy" ? p.name_cy : p.name_en));
    if (state) box.appendChild(text("div", state.texts[p.zone_code] || state.words.unknown));
    return box;
  }

  function zoneStyle(feature) {
    var of = state ? state.classes[feature.properties.zone_code] : undefined;
    return {
      fillColor: of === undefined ? UNKNOWN : state.colours[of], fillOpacity: state ? 1 : 0.2,
      color: "#5d6b6e", weight: 0.6, opacity: 0.75
    };
  }

  // A dark line in a white casing is seen on every colour of every layer, on the dark ones as well as on the light.
  function outlineChosen() {
    chosen.clearLayers();
    if (!byCode[state.chosen]) return;
    [{ color: "#fff", weight: 8 }, { color: "#111", weight: 3.5 }].forEach(function (style) {
      chosen.addLayer(L.geoJSON(byCode[state.chosen].feature, { pane: "chosen", interactive: false, style: Object.assign({ fill: false, opacity: 1 }, style) }));
    });
  }

  function outlineStyle(feature) {
    var chosen = state && state.footprint === feature.properties.footprint_id;
    return { fill: false, color: chosen ? "#111" : "#1c2b30", weight: chosen ? 4.5 : 2, dashArray: chosen ? null : "6 4" };
  }

  function thin() {
    labels.forEach(function (label) {
      var shown = map.getZoom() >= label.place.zoom;
      if (shown && !map.hasLayer(label.layer)) label.layer.addTo(map);
      if (!shown && map.hasLayer(label.layer)) label.layer.remove();
    });
  }

  function name(place) {
    place.layer = L.marker([place.lat, place.lon], { pane: "labels", interactive: false, keyboard: false, icon: L.divIcon({
      className: "place rank" + Math.min(place.rank, 4), html: both(place), iconSize: [0, 0] }) });
    return { place: place, layer: place.layer };
  }

  function start(onto, from) {
    map = onto;
    map.attributionControl && map.attributionControl.remove();
    // Leaflet gives the map the focus at each press; where the page scrolled to it, the press would end elsewhere and be no click.
    var box = map.getContainer();
    box.focus = function () { HTMLElement.prototype.focus.call(box, { preventScroll: true }); };
    pane("land", 200); pane("outlines", 440); pane("labels", 620);
    map.createPane("sessions").style.zIndex = 610;
    // Made before the file is there, so that the component's click handler is already on it.
    zones = L.geoJSON(null, { style: zoneStyle, onEachFeature: function (feature, layer) {
      byCode[feature.properties.zone_code] = layer;
      layer.toGeoJSON = function () { return { zone_code: feature.properties.zone_code, click: ++clicks + "-" + Date.now() }; };
    } }).addTo(map).bindTooltip(tip, { sticky: true, className: "zone-tip" });
    outlines = L.geoJSON(null, { pane: "outlines", interactive: false, style: outlineStyle }).addTo(map);
    pane("chosen", 450);
    chosen = L.layerGroup().addTo(map);
    markers = L.layerGroup().addTo(map);
    ready = fetch(from).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status + " " + from);
      return answer.json();
    }).then(function (area) {
      L.geoJSON(area.land, { pane: "land", interactive: false, style: { color: "#9aa5a4", weight: 2, fillColor: "#fbfaf6", fillOpacity: 1 } }).addTo(map);
      zones.addData(area.zones);
      lines(area.roads, "roads", 410, [{ color: "#6f6a5f", weight: 3, opacity: 0.55 }, { color: "#fffdf5", weight: 1.6, opacity: 0.9 }]);
      lines(area.bus, "bus", 415, [{ color: "#0b5563", weight: 0.8, opacity: 0.25 }]);
      lines(area.rail, "rail", 420, [{ color: "#222", weight: 2.4, opacity: 0.7 }, { color: "#fff", weight: 1.2, dashArray: "6 6", opacity: 0.9, lineCap: "butt" }]);
      labels = area.places.map(name);
      map.on("zoomend", thin);
      thin();
      return area;
    });
    ready.catch(function (problem) { document.body.appendChild(text("p", String(problem), "problem")); });
  }

  function popup(session) {
    var box = document.createElement("div");
    session.lines.forEach(function (line, i) { box.appendChild(text(i ? "div" : "strong", line)); });
    return box;
  }

  function place(venue) {
    return L.circleMarker([venue.lat, venue.lon], { pane: "sessions", radius: venue.radius, color: "#fff", weight: 2, fillColor: "#111", fillOpacity: 0.95, bubblingMouseEvents: false })
      .bindTooltip(function () { return popup(venue); }, { className: "zone-tip" });
  }

  function paint(next) {
    ready.then(function (area) {
      var turned = !state || state.language !== next.language, levelled = !state || state.level !== next.level;
      state = next;
      document.documentElement.lang = state.language;
      zones.setStyle(zoneStyle);
      outlineChosen();
      if (byCode[state.chosen]) {
        if (!map.getBounds().contains(byCode[state.chosen].getBounds().getCenter())) map.panTo(byCode[state.chosen].getBounds().getCenter());
      }
      if (levelled) { outlines.clearLayers(); if (area.footprints[state.level]) outlines.addData(area.footprints[state.level]); }
      outlines.setStyle(outlineStyle);
      if (turned) {
        labels.forEach(function (label) { label.layer.remove(); });
        labels = area.places.map(name);
        thin();
        [["in", state.words.zoom_in], ["out", state.words.zoom_out]].forEach(function (pair) {
          var button = document.querySelector(".leaflet-control-zoom-" + pair[0]);
          if (button) { button.title = pair[1]; button.setAttribute("aria-label", pair[1]); }
        });
        map.getContainer().setAttribute("aria-label", state.words.map);
        map.getContainer().setAttribute("role", "region");
      }
      markers.clearLayers();
      state.venues.forEach(function (venue) { markers.addLayer(place(venue)); });
      window.cyrraedd.painted = state.stamp;
    });
  }

  return { start: start, paint: paint, painted: null };
})();

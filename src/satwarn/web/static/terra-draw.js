function t$1() {
  return t$1 = Object.assign ? Object.assign.bind() : function(t2) {
    for (var e2 = 1; e2 < arguments.length; e2++) {
      var i2 = arguments[e2];
      for (var o2 in i2) ({}).hasOwnProperty.call(i2, o2) && (t2[o2] = i2[o2]);
    }
    return t2;
  }, t$1.apply(null, arguments);
}
const e = "draw", i$1 = "edit", o = "deleteCoordinate", n = "insertMidpoint";
var s;
!function(t2) {
  t2.Commit = "commit", t2.Provisional = "provisional", t2.Finish = "finish";
}(s || (s = {}));
const r = "https://raw.githubusercontent.com/JamesLMilner/terra-draw/refs/heads/main/assets/markers/marker-blue.png", a = { SELECTED: "selected", MID_POINT: "midPoint", SELECTION_POINT_FEATURE_ID: "selectionPointFeatureId", SELECTION_POINT: "selectionPoint" }, d = { MODE: "mode", CURRENTLY_DRAWING: "currentlyDrawing", EDITED: "edited", CLOSING_POINT: "closingPoint", SNAPPING_POINT: "snappingPoint", COORDINATE_POINT: "coordinatePoint", COORDINATE_POINT_FEATURE_ID: "coordinatePointFeatureId", COORDINATE_POINT_IDS: "coordinatePointIds", PROVISIONAL_COORDINATE_COUNT: "provisionalCoordinateCount", COMMITTED_COORDINATE_COUNT: "committedCoordinateCount", MARKER: "marker" }, h = 10, l = 20;
function u(t2) {
  return Boolean(t2 && "object" == typeof t2 && null !== t2 && !Array.isArray(t2));
}
function c(t2) {
  return Boolean(t2 && "object" == typeof t2 && "properties" in t2 && "object" == typeof t2.properties && null !== t2.properties && "mode" in t2.properties);
}
function p(t2) {
  return !!function(t3) {
    return "number" == typeof t3 && !isNaN(new Date(t3).valueOf());
  }(t2);
}
const y = "Feature mode property does not match the mode being added to", m = (t2) => "number" == typeof t2 && t2 >= 0 && Number.isFinite(t2), f = (t2) => "boolean" == typeof t2, C = (t2) => null === t2, v = (t2) => "object" == typeof t2 && null !== t2, P = (t2) => "string" == typeof t2 && t2.length > 0, I = (t2) => "click-move" === t2 || "click-drag" === t2 || "click-move-or-drag" === t2;
var S;
!function(t2) {
  t2.Drawing = "drawing", t2.Select = "select", t2.Static = "static", t2.Render = "render";
}(S || (S = {}));
const F = { rightClick: true, contextMenu: false, leftClick: true, onDragStart: true, onDrag: true, onDragEnd: true };
class O {
  get state() {
    return this._state;
  }
  set state(t2) {
    throw new Error("Please use the modes lifecycle methods");
  }
  get styles() {
    return this._styles;
  }
  set styles(t2) {
    if ("object" != typeof t2) throw new Error("Styling must be an object");
    this.onStyleChange && this.onStyleChange([], "styling"), this._styles = t2;
  }
  registerBehaviors(t2) {
  }
  constructor(e2, i2 = false) {
    this._state = "unregistered", this._styles = {}, this.pointerEvents = F, this.behaviors = [], this.validate = void 0, this.pointerDistance = 40, this.coordinatePrecision = void 0, this.undoRedoMaxStackSize = void 0, this.onStyleChange = void 0, this.store = void 0, this.projection = "web-mercator", this.setDoubleClickToZoom = void 0, this.unproject = void 0, this.project = void 0, this.setCursor = void 0, this.isInitialUpdate = false, this.type = S.Drawing, this.mode = "base", i2 ? this.isInitialUpdate = true : this.updateOptions(t$1({}, e2));
  }
  updateOptions(e2) {
    v(null == e2 ? void 0 : e2.styles) && (this.styles = t$1({}, this._styles, e2.styles)), m(null == e2 ? void 0 : e2.pointerDistance) && (this.pointerDistance = e2.pointerDistance), "function" == typeof (null == e2 ? void 0 : e2.validation) && (this.validate = e2.validation), P(null == e2 ? void 0 : e2.projection) && (this.projection = e2.projection), v(null == e2 ? void 0 : e2.pointerEvents) && (this.pointerEvents = e2.pointerEvents), P(null == e2 ? void 0 : e2.modeName) && true === this.isInitialUpdate && (this.mode = e2.modeName), this.isInitialUpdate = false;
  }
  allowPointerEvent(t2, e2) {
    return "boolean" == typeof t2 ? t2 : "function" != typeof t2 || t2(e2);
  }
  setDrawing() {
    if ("started" !== this._state) throw new Error("Mode must be unregistered or stopped to start");
    this._state = "drawing";
  }
  setStarted() {
    if ("stopped" !== this._state && "registered" !== this._state && "drawing" !== this._state && "selecting" !== this._state) throw new Error("Mode must be unregistered or stopped to start");
    this._state = "started", this.setDoubleClickToZoom(false);
  }
  setStopped() {
    if ("started" !== this._state) throw new Error("Mode must be started to be stopped");
    this._state = "stopped", this.setDoubleClickToZoom(true);
  }
  register(t2) {
    if ("unregistered" !== this._state) throw new Error("Can not register unless mode is unregistered");
    this._state = "registered", this.store = t2.store, this.store.registerOnChange(t2.onChange), this.setDoubleClickToZoom = t2.setDoubleClickToZoom, this.project = t2.project, this.unproject = t2.unproject, this.onSelect = t2.onSelect, this.onDeselect = t2.onDeselect, this.setCursor = t2.setCursor, this.onStyleChange = t2.onChange, this.onFinish = t2.onFinish, this.coordinatePrecision = t2.coordinatePrecision, this.undoRedoMaxStackSize = t2.undoRedoMaxStackSize, this.registerBehaviors({ mode: t2.mode, store: this.store, project: this.project, unproject: this.unproject, pointerDistance: this.pointerDistance, coordinatePrecision: t2.coordinatePrecision, projection: this.projection, undoRedoMaxStackSize: t2.undoRedoMaxStackSize });
  }
  validateFeature(t2) {
    return this.performFeatureValidation(t2);
  }
  afterFeatureAdded(t2) {
  }
  afterFeatureUpdated(t2) {
  }
  performFeatureValidation(t2) {
    if ("unregistered" === this._state) throw new Error("Mode must be registered");
    const e2 = function(t3, e3) {
      let i2;
      if (u(t3)) if (null == t3.id) i2 = "Feature has no id";
      else if ("string" != typeof t3.id && "number" != typeof t3.id) i2 = "Feature must be string or number as per GeoJSON spec";
      else if (e3(t3.id)) if (u(t3.geometry)) if (u(t3.properties)) if ("string" == typeof t3.geometry.type && ["Polygon", "LineString", "Point"].includes(t3.geometry.type)) if (Array.isArray(t3.geometry.coordinates)) {
        if (!t3.properties.mode || "string" != typeof t3.properties.mode) return { valid: false, reason: "Feature does not have a valid mode property" };
      } else i2 = "Feature coordinates is not an array";
      else i2 = "Feature is not Point, LineString or Polygon";
      else i2 = "Feature has no properties";
      else i2 = "Feature has no geometry";
      else i2 = "Feature must match the id strategy (default is UUID4)";
      else i2 = "Feature is not object";
      return i2 ? { valid: false, reason: i2 } : { valid: true };
    }(t2, this.store.idStrategy.isValidId);
    if (!e2.valid) return e2;
    if (this.validate) {
      const i2 = this.validate(t2, { project: this.project, unproject: this.unproject, coordinatePrecision: this.coordinatePrecision, updateType: s.Provisional });
      return { valid: e2.valid && i2.valid, reason: i2.reason };
    }
    return { valid: e2.valid, reason: e2.reason };
  }
  validateModeFeature(t2, e2) {
    const i2 = this.performFeatureValidation(t2);
    return i2.valid ? t2.properties.mode !== this.mode ? { valid: false, reason: y } : e2(t2) : { valid: false, reason: i2.reason };
  }
  onFinish(t2, e2) {
  }
  onDeselect(t2) {
  }
  onSelect(t2) {
  }
  onKeyDown(t2) {
  }
  onKeyUp(t2) {
  }
  undo() {
  }
  clearHistory() {
  }
  undoSize() {
    return 0;
  }
  redoSize() {
    return 0;
  }
  redo() {
  }
  onMouseMove(t2) {
  }
  onClick(t2) {
  }
  onDragStart(t2, e2) {
  }
  onDrag(t2, e2) {
  }
  onDragEnd(t2, e2) {
  }
  getHexColorStylingValue(t2, e2, i2) {
    return this.getStylingValue(t2, e2, i2);
  }
  getNumericStylingValue(t2, e2, i2) {
    return this.getStylingValue(t2, e2, i2);
  }
  getUrlStylingValue(t2, e2, i2) {
    return this.getStylingValue(t2, e2, i2);
  }
  getDashArrayStylingValue(t2, e2, i2) {
    return this.getStylingValue(t2, e2, i2);
  }
  getStylingValue(t2, e2, i2) {
    return void 0 === t2 ? e2 : "function" == typeof t2 ? null != (o2 = t2(i2)) ? o2 : e2 : t2;
    var o2;
  }
}
class x extends O {
  constructor(...t2) {
    super(...t2), this.type = S.Select;
  }
}
const w = "Enter", M = "Escape", E = "crosshair", D = "pointer", k = "grabbing", b = "move", N = "unset";
function _(t2, e2) {
  const i2 = (t3) => t3 * Math.PI / 180, o2 = i2(t2[1]), n2 = i2(t2[0]), s2 = i2(e2[1]), r2 = s2 - o2, a2 = i2(e2[0]) - n2, d2 = Math.sin(r2 / 2) * Math.sin(r2 / 2) + Math.cos(o2) * Math.cos(s2) * Math.sin(a2 / 2) * Math.sin(a2 / 2);
  return 2 * Math.atan2(Math.sqrt(d2), Math.sqrt(1 - d2)) * 6371e3 / 1e3;
}
const T = 63710088e-1;
function R(t2) {
  return t2 % 360 * Math.PI / 180;
}
function W(t2) {
  return t2 / 6371.0088;
}
function U(t2) {
  return t2 % (2 * Math.PI) * 180 / Math.PI;
}
function L(t2, e2 = 9) {
  const i2 = Math.pow(10, e2);
  return Math.round(t2 * i2) / i2;
}
const A = 57.29577951308232, B = 0.017453292519943295, V = 6378137, z = (t2, e2) => ({ x: 0 === t2 ? 0 : t2 * B * V, y: 0 === e2 ? 0 : Math.log(Math.tan(Math.PI / 4 + e2 * B / 2)) * V }), H = (t2, e2) => ({ lng: 0 === t2 ? 0 : A * (t2 / V), lat: 0 === e2 ? 0 : (2 * Math.atan(Math.exp(e2 / V)) - Math.PI / 2) * A });
function G(t2, e2, i2) {
  const o2 = R(t2[0]), n2 = R(t2[1]), s2 = R(i2), r2 = W(e2), a2 = Math.asin(Math.sin(n2) * Math.cos(r2) + Math.cos(n2) * Math.sin(r2) * Math.cos(s2));
  return [U(o2 + Math.atan2(Math.sin(s2) * Math.sin(r2) * Math.cos(n2), Math.cos(r2) - Math.sin(n2) * Math.sin(a2))), U(a2)];
}
function j(t2) {
  const { center: e2, radiusKilometers: i2, coordinatePrecision: o2 } = t2, n2 = t2.steps ? t2.steps : 64, s2 = [];
  for (let t3 = 0; t3 < n2; t3++) {
    const r2 = G(e2, i2, -360 * t3 / n2);
    s2.push([L(r2[0], o2), L(r2[1], o2)]);
  }
  return s2.push(s2[0]), { type: "Feature", geometry: { type: "Polygon", coordinates: [s2] }, properties: {} };
}
function K(t2) {
  let e2;
  if ("Polygon" === t2.geometry.type) e2 = t2.geometry.coordinates;
  else {
    if ("LineString" !== t2.geometry.type) throw new Error("Self intersects only accepts Polygons and LineStrings");
    e2 = [t2.geometry.coordinates];
  }
  const i2 = [];
  for (let t3 = 0; t3 < e2.length; t3++) for (let i3 = 0; i3 < e2[t3].length - 1; i3++) for (let o3 = 0; o3 < e2.length; o3++) for (let s2 = 0; s2 < e2[o3].length - 1; s2++) n2(t3, i3, o3, s2);
  return i2.length > 0;
  function o2(t3) {
    return t3 < 0 || t3 > 1;
  }
  function n2(t3, n3, s2, r2) {
    const a2 = e2[t3][n3], d2 = e2[t3][n3 + 1], h2 = e2[s2][r2], l2 = e2[s2][r2 + 1], u2 = function(t4, e3, i3, o3) {
      if (Y(t4, i3) || Y(t4, o3) || Y(e3, i3) || Y(o3, i3)) return null;
      const n4 = t4[0], s3 = t4[1], r3 = e3[0], a3 = e3[1], d3 = i3[0], h3 = i3[1], l3 = o3[0], u3 = o3[1], c3 = (n4 - r3) * (h3 - u3) - (s3 - a3) * (d3 - l3);
      return 0 === c3 ? null : [((n4 * a3 - s3 * r3) * (d3 - l3) - (n4 - r3) * (d3 * u3 - h3 * l3)) / c3, ((n4 * a3 - s3 * r3) * (h3 - u3) - (s3 - a3) * (d3 * u3 - h3 * l3)) / c3];
    }(a2, d2, h2, l2);
    if (null === u2) return;
    let c2, p2;
    c2 = d2[0] !== a2[0] ? (u2[0] - a2[0]) / (d2[0] - a2[0]) : (u2[1] - a2[1]) / (d2[1] - a2[1]), p2 = l2[0] !== h2[0] ? (u2[0] - h2[0]) / (l2[0] - h2[0]) : (u2[1] - h2[1]) / (l2[1] - h2[1]), o2(c2) || o2(p2) || (u2.toString(), i2.push(u2));
  }
}
function Y(t2, e2) {
  return t2[0] === e2[0] && t2[1] === e2[1];
}
function X(t2, e2) {
  return q(t2[0]) <= e2 && q(t2[1]) <= e2;
}
function $(t2) {
  return 2 === t2.length && "number" == typeof t2[0] && "number" == typeof t2[1] && Infinity !== t2[0] && Infinity !== t2[1] && (i2 = t2[0]) >= -180 && i2 <= 180 && (e2 = t2[1]) >= -90 && e2 <= 90;
  var e2, i2;
}
function q(t2) {
  let e2 = 1, i2 = 0;
  for (; Math.round(t2 * e2) / e2 !== t2; ) e2 *= 10, i2++;
  return i2;
}
const Z = "Feature has holes", J = "Feature has less than 4 coordinates", Q = "Feature has invalid coordinates", tt = "Feature coordinates are not closed";
function et(t2, e2) {
  if ("Polygon" !== t2.geometry.type) return { valid: false, reason: "Feature is not a Polygon" };
  if (1 !== t2.geometry.coordinates.length) return { valid: false, reason: Z };
  if (t2.geometry.coordinates[0].length < 4) return { valid: false, reason: J };
  for (let i3 = 0; i3 < t2.geometry.coordinates[0].length; i3++) {
    if (!$(t2.geometry.coordinates[0][i3])) return { valid: false, reason: Q };
    if (!X(t2.geometry.coordinates[0][i3], e2)) return { valid: false, reason: "Feature has coordinates with excessive precision" };
  }
  return (i2 = t2.geometry.coordinates[0][0])[0] !== (o2 = t2.geometry.coordinates[0][t2.geometry.coordinates[0].length - 1])[0] || i2[1] !== o2[1] ? { valid: false, reason: tt } : { valid: true };
  var i2, o2;
}
function it(t2, e2) {
  const i2 = et(t2, e2);
  return i2.valid ? K(t2) ? { valid: false, reason: "Feature intersects itself" } : { valid: true } : i2;
}
class ot {
  constructor({ store: t2, mode: e2, project: i2, unproject: o2, pointerDistance: n2, coordinatePrecision: s2, projection: r2, undoRedoMaxStackSize: a2 }) {
    this.store = void 0, this.mode = void 0, this.project = void 0, this.unproject = void 0, this.pointerDistance = void 0, this.coordinatePrecision = void 0, this.projection = void 0, this.undoRedoMaxStackSize = void 0, this.store = t2, this.mode = e2, this.project = i2, this.unproject = o2, this.pointerDistance = n2, this.coordinatePrecision = s2, this.projection = r2, this.undoRedoMaxStackSize = a2;
  }
}
function nt(t2) {
  const e2 = function(t3) {
    const e3 = t3.coordinates[0];
    let i2 = 0;
    for (let t4 = 0; t4 < e3.length - 1; t4++) {
      const [o2, n2] = e3[t4], [s2, r2] = e3[t4 + 1];
      i2 += (s2 - o2) * (r2 + n2);
    }
    return i2 < 0;
  }(t2);
  if (!e2) return { type: "Polygon", coordinates: [t2.coordinates[0].reverse()] };
}
const st = "insert-before", rt = "insert-after", at = "update", dt = "delete", ht = "replace";
class lt extends ot {
  constructor(t2, e2) {
    super(t2), this.options = void 0, this.options = e2;
  }
  createPoint({ coordinates: t2, properties: e2, context: i2 }) {
    if ((null == i2 ? void 0 : i2.updateType) !== s.Finish || this.validateGeometryWithUpdateType({ geometry: { type: "Point", coordinates: t2 }, properties: e2, updateType: s.Finish })) return this.handleCreateFeature({ geometry: { type: "Point", coordinates: t2 }, properties: e2 });
  }
  createLineString({ coordinates: t2, properties: e2 }) {
    return this.handleCreateFeature({ geometry: { type: "LineString", coordinates: t2 }, properties: e2 });
  }
  createPolygon({ coordinates: t2, properties: e2, context: i2 }) {
    const o2 = nt({ coordinates: [t2] }), n2 = { type: "Polygon", coordinates: o2 ? o2.coordinates : [t2] };
    if ((null == i2 ? void 0 : i2.updateType) !== s.Finish || this.validateGeometryWithUpdateType({ geometry: n2, properties: e2, updateType: s.Finish })) return this.handleCreateFeature({ geometry: n2, properties: e2 });
  }
  createGuidancePoint({ coordinate: t2, type: e2 }) {
    return this.createGuidancePoints({ coordinates: [t2], type: e2 })[0];
  }
  createGuidancePoints({ coordinates: e2, type: i2, additionalProperties: o2 }) {
    const n2 = e2.map((e3, n3) => ({ type: "Feature", geometry: { type: "Point", coordinates: e3 }, properties: t$1({ mode: this.mode, [i2]: true }, o2 ? o2(n3) : {}) }));
    return this.createFeatures(n2);
  }
  updatePoint({ featureId: t2, coordinateMutations: e2, propertyMutations: i2, context: o2 }) {
    return this.handleMutateFeature({ type: "Point", featureId: t2, coordinateMutations: e2, propertyMutations: i2, context: o2 });
  }
  updatePolygon({ featureId: t2, coordinateMutations: e2, context: i2, propertyMutations: o2 }) {
    return this.handleMutateFeature({ type: "Polygon", featureId: t2, coordinateMutations: e2, propertyMutations: o2, context: i2 });
  }
  updateLineString({ featureId: t2, coordinateMutations: e2, context: i2, propertyMutations: o2 }) {
    return this.handleMutateFeature({ type: "LineString", featureId: t2, coordinateMutations: e2, propertyMutations: o2, context: i2 });
  }
  deleteFeatureIfPresent(t2) {
    t2 && this.store.has(t2) && this.store.delete([t2]);
  }
  deleteFeaturesIfPresent(t2) {
    if (0 === t2.length) return;
    const e2 = t2.filter((t3) => this.store.has(t3));
    e2.length && this.store.delete(e2);
  }
  setDeselected(t2) {
    const e2 = t2.filter((t3) => this.store.has(t3)).map((t3) => ({ featureId: t3, properties: { [a.SELECTED]: false } }));
    this.updateFeatureProperties(e2);
  }
  setSelected(t2) {
    const { type: e2 } = this.store.getGeometryCopy(t2), i2 = { featureId: t2, propertyMutations: { [a.SELECTED]: true }, context: { updateType: s.Commit } };
    "Polygon" === e2 ? this.updatePolygon(i2) : "LineString" === e2 ? this.updateLineString(i2) : "Point" === e2 && this.updatePoint(i2);
  }
  updateGuidancePoints(t2) {
    this.updateFeatureGeometries(t2.map(({ featureId: t3, coordinate: e2 }) => ({ id: t3, geometry: { type: "Point", coordinates: e2 } })));
  }
  handleCreateFeature({ geometry: t2, properties: e2 }) {
    return this.createFeatureWithGeometry({ geometry: t2, properties: e2 });
  }
  handleMutateFeature({ type: e2, featureId: i2, coordinateMutations: o2, propertyMutations: n2, context: r2 }) {
    if (!this.mutateFeature({ type: e2, featureId: i2, coordinateMutations: o2, propertyMutations: n2, context: r2.updateType === s.Finish ? t$1({}, r2, { correctRightHandRule: true }) : t$1({}, r2) })) return null;
    const a2 = this.buildFeatureWithGeometry(i2);
    return r2.updateType !== s.Finish || o2 || this.validateGeometryWithUpdateType({ geometry: a2.geometry, properties: a2.properties, updateType: r2.updateType }) ? a2 : null;
  }
  mutateFeature({ type: t2, featureId: e2, coordinateMutations: i2, propertyMutations: o2, context: n2 }) {
    if (null == e2) return false;
    const s2 = this.store.getGeometryCopy(e2), r2 = this.store.getPropertiesCopy(e2);
    if (s2.type !== t2) throw new Error(`${t2} geometries cannot be updated on features with ${s2.type} geometries`);
    if (i2) {
      let t3 = this.applyCoordinateMutations(s2, i2);
      if (n2.correctRightHandRule && "Polygon" === t3.type) {
        const e3 = nt(t3);
        e3 && (t3 = e3);
      }
      if (!this.validateGeometryWithUpdateType({ geometry: t3, properties: r2, updateType: n2.updateType })) return false;
      this.updateFeatureGeometries([{ id: e2, geometry: t3 }]);
    }
    return o2 && this.updateFeatureProperties([{ featureId: e2, properties: o2 }]), true;
  }
  applyCoordinateMutations(e2, i2) {
    if (this.isReplaceMutation(i2)) return t$1({}, e2, { coordinates: i2.coordinates });
    if ("Point" === e2.type) throw new Error("Coordinate mutations are not supported for Point geometries");
    const o2 = "Polygon" === e2.type, n2 = o2 ? e2.coordinates[0].slice() : e2.coordinates.slice(), s2 = n2.length, r2 = (t2) => {
      const e3 = t2 < 0 ? s2 + t2 : t2;
      if (e3 < 0 || e3 >= s2) throw new RangeError(`Index ${t2} (normalized to ${e3}) is out of bounds`);
      return e3;
    }, a2 = new Array(s2).fill(void 0), d2 = Array.from({ length: s2 }, () => []), h2 = Array.from({ length: s2 }, () => []), l2 = [];
    for (const e3 of i2) {
      if (e3.type === st || e3.type === rt) {
        const t2 = e3.index, i4 = t2 < 0 ? s2 + t2 : t2;
        if (i4 < 0 || i4 > s2) throw new RangeError(`Index ${e3.index} (normalized to ${i4}) is out of bounds`);
        if (e3.type === st) {
          if (i4 >= s2) throw new RangeError(`INSERT_BEFORE index ${e3.index} (normalized to ${i4}) is out of bounds for length ${s2}`);
          d2[i4].push(e3);
        } else i4 === s2 ? l2.push(e3) : h2[i4].push(e3);
        continue;
      }
      const i3 = r2(e3.index);
      a2[i3] = t$1({}, e3, { index: i3 });
    }
    const u2 = [];
    for (let t2 = 0; t2 < s2; t2++) {
      const e3 = d2[t2];
      for (const t3 of e3) u2.push(t3.coordinate);
      const i3 = a2[t2];
      i3 ? i3.type === dt || u2.push(i3.coordinate) : u2.push(n2[t2]);
      const o3 = h2[t2];
      for (const t3 of o3) u2.push(t3.coordinate);
    }
    for (const t2 of l2) u2.push(t2.coordinate);
    return t$1({}, e2, o2 ? { coordinates: [u2, ...e2.coordinates.slice(1)] } : { coordinates: u2 });
  }
  isReplaceMutation(t2) {
    return t2.type === ht;
  }
  createFeatureWithGeometry({ geometry: t2, properties: e2 }) {
    const [i2] = this.createFeatures([{ type: "Feature", geometry: t2, properties: e2 }]);
    return { id: i2, type: "Feature", properties: this.store.getPropertiesCopy(i2), geometry: this.store.getGeometryCopy(i2) };
  }
  validateGeometryWithUpdateType({ geometry: t2, properties: e2, updateType: i2 }) {
    return !this.options.validate || this.options.validate({ type: "Feature", geometry: t2, properties: e2 || {} }, { project: this.project, unproject: this.unproject, coordinatePrecision: this.coordinatePrecision, updateType: i2 }).valid;
  }
  buildFeatureWithGeometry(t2) {
    return { id: t2, type: "Feature", properties: this.store.getPropertiesCopy(t2), geometry: this.store.getGeometryCopy(t2) };
  }
  createFeatures(t2) {
    return this.store.create(t2);
  }
  updateFeatureGeometries(t2) {
    this.store.updateGeometry(t2);
  }
  updateFeatureProperties(t2) {
    const e2 = t2.map(({ featureId: t3, properties: e3 }) => Object.entries(e3).map(([e4, i2]) => ({ id: t3, property: e4, value: i2 }))).flat();
    this.store.updateProperty(e2);
  }
}
function ut(t2, e2) {
  return t2[0] === e2[0] && t2[1] === e2[1];
}
class ct extends ot {
  constructor(t2) {
    super(t2);
  }
  getGeometryType(t2) {
    return this.store.getGeometryCopy(t2).type;
  }
  coordinateAtIndexIsIdentical({ featureId: t2, newCoordinate: e2, index: i2 }) {
    const o2 = this.store.getGeometryCopy(t2);
    let n2;
    if ("Polygon" === o2.type) n2 = o2.coordinates[0][i2];
    else if ("LineString" === o2.type) n2 = o2.coordinates[i2];
    else {
      if (0 !== i2) throw new Error("Point geometries only have one coordinate at index 0");
      n2 = o2.coordinates;
    }
    return ut(e2, n2);
  }
  getGeometry(t2) {
    return this.store.getGeometryCopy(t2);
  }
  getCoordinates(t2) {
    const { type: e2, coordinates: i2 } = this.store.getGeometryCopy(t2);
    return "Polygon" === e2 ? i2[0] : i2;
  }
  getCoordinate(t2, e2) {
    const i2 = this.getCoordinates(t2), o2 = e2 < 0 ? i2.length + e2 : e2;
    if (o2 < 0 || o2 >= i2.length) throw new RangeError(`Index ${e2} (normalized to ${o2}) is out of bounds`);
    return i2[o2];
  }
  getProperties(t2) {
    return this.store.getPropertiesCopy(t2);
  }
  hasFeature(t2) {
    return this.store.has(t2);
  }
  getAllFeatureIdsWhere(t2) {
    return this.store.copyAllWhere(t2).map(({ id: t3 }) => t3);
  }
}
function pt(t2) {
  return Array.isArray(t2) && t2.length > 0 && Array.isArray(t2[0]) && Array.isArray(t2[0][0]);
}
const gt = (t2) => pt(t2) ? t2[0].slice(0, -1) : t2, yt = (t2) => pt(t2) ? t2[0] : t2;
class mt extends ot {
  constructor(t2, e2, i2) {
    super(t2), this.readFeature = void 0, this.mutateFeature = void 0, this.readFeature = e2, this.mutateFeature = i2;
  }
  setEnabled(t2) {
    const e2 = this.store.copyAllWhere((t3) => t3.mode === this.mode).filter((t3) => "LineString" === t3.geometry.type || "Polygon" === t3.geometry.type);
    t2 ? e2.forEach((t3) => {
      this.createOrUpdate({ featureId: t3.id, featureCoordinates: t3.geometry.coordinates });
    }) : this.deletePointsByFeatureIds(e2.filter((t3) => Boolean(t3.properties[d.COORDINATE_POINT_IDS])).map((t3) => t3.id));
  }
  createOrUpdate({ featureId: t2, featureCoordinates: e2 }) {
    if (!this.readFeature.hasFeature(t2)) return void this.deleteOrphanedPoints(t2);
    const i2 = gt(e2), o2 = this.readFeature.getProperties(t2), n2 = o2.coordinatePointIds;
    if (n2) if (n2 && n2.every((t3) => this.readFeature.hasFeature(t3))) {
      const e3 = o2.coordinatePointIds, s2 = e3.map((t3) => this.readFeature.getGeometry(t3).coordinates);
      if (e3.length !== i2.length) {
        this.deleteCoordinatePoints(e3);
        const n3 = this.createPoints(i2, o2.mode, t2);
        this.setFeatureCoordinatePoints(t2, n3);
      } else {
        const t3 = [];
        i2.forEach((i3, o3) => {
          i3[0] === s2[o3][0] && i3[1] === s2[o3][1] || t3.push({ featureId: e3[o3], coordinate: i3 });
        }), this.mutateFeature.updateGuidancePoints(t3), this.syncCurrentlyDrawing(n2, o2);
      }
    } else {
      const e3 = n2.filter((t3) => this.readFeature.hasFeature(t3));
      e3.length && this.deleteCoordinatePoints(e3);
      const s2 = this.createPoints(i2, o2.mode, t2);
      this.setFeatureCoordinatePoints(t2, s2);
    }
    else {
      const e3 = this.createPoints(i2, o2.mode, t2);
      this.setFeatureCoordinatePoints(t2, e3);
    }
  }
  deletePointsByFeatureIds(t2) {
    for (const e2 of t2) this.deleteIfPresent(e2);
  }
  updateOneAtIndex(t2, e2, i2) {
    const o2 = this.readFeature.getProperties(t2).coordinatePointIds;
    o2 && 0 !== o2.length && void 0 !== o2[e2] && this.mutateFeature.updateGuidancePoints([{ featureId: o2[e2], coordinate: i2 }]);
  }
  updateAllInPlace({ featureId: t2, featureCoordinates: e2 }) {
    const i2 = this.readFeature.getProperties(t2);
    if (!i2.coordinatePointIds) return;
    const o2 = gt(e2);
    o2.length === i2.coordinatePointIds.length && this.mutateFeature.updateGuidancePoints(i2.coordinatePointIds.map((t3, e3) => ({ featureId: t3, coordinate: o2[e3] })));
  }
  createPoints(e2, i2, o2) {
    const n2 = true === this.readFeature.getProperties(o2)[d.CURRENTLY_DRAWING];
    return this.mutateFeature.createGuidancePoints({ coordinates: e2, type: d.COORDINATE_POINT, additionalProperties: (e3) => t$1({ mode: i2, [d.COORDINATE_POINT]: true, [d.COORDINATE_POINT_FEATURE_ID]: o2 }, n2 ? { [d.CURRENTLY_DRAWING]: true } : {}, { index: e3 }) });
  }
  syncCurrentlyDrawing(t2, e2) {
    const i2 = true === e2[d.CURRENTLY_DRAWING];
    t2.forEach((t3) => {
      this.readFeature.hasFeature(t3) && this.mutateFeature.updatePoint({ featureId: t3, propertyMutations: { [d.CURRENTLY_DRAWING]: !!i2 || void 0 }, context: { updateType: s.Commit } });
    });
  }
  setFeatureCoordinatePoints(t2, e2, i2 = s.Commit) {
    const o2 = this.readFeature.getGeometryType(t2), n2 = { featureId: t2, propertyMutations: { [d.COORDINATE_POINT_IDS]: e2 }, context: { updateType: i2 } };
    if ("Polygon" === o2) this.mutateFeature.updatePolygon(n2);
    else {
      if ("LineString" !== o2) throw new Error("Unsupported geometry type for coordinate points");
      this.mutateFeature.updateLineString(n2);
    }
  }
  deleteCoordinatePoints(t2) {
    this.mutateFeature.deleteFeaturesIfPresent(t2);
  }
  deleteIfPresent(t2) {
    if (!this.readFeature.hasFeature(t2)) return;
    const e2 = this.readFeature.getProperties(t2).coordinatePointIds;
    e2 && (this.deleteCoordinatePoints(e2), this.setFeatureCoordinatePoints(t2, null));
  }
  deleteOrphanedPoints(t2) {
    const e2 = this.readFeature.getAllFeatureIdsWhere((e3) => e3[d.COORDINATE_POINT_FEATURE_ID] === t2);
    this.mutateFeature.deleteFeaturesIfPresent(e2);
  }
}
const ft = { cancel: M, finish: w }, Ct = { start: E };
class vt extends O {
  constructor(t2) {
    super(t2, true), this.mode = "circle", this.center = void 0, this.endPosition = void 0, this.segments = 64, this.currentCircleId = void 0, this.keyEvents = ft, this.cursors = Ct, this.startingRadiusKilometers = 1e-5, this.cursorMovedAfterInitialCursorDown = false, this.drawInteraction = "click-move", this.drawType = void 0, this.cancelled = false, this.minimumSegments = 3, this.showCoordinatePoints = false, this.readFeature = void 0, this.coordinatePoints = void 0, this.mutateFeature = void 0, this.updateOptions(t2);
  }
  updateOptions(e2) {
    var i2;
    if (super.updateOptions(e2), f(null == e2 ? void 0 : e2.showCoordinatePoints) && (this.showCoordinatePoints = e2.showCoordinatePoints, null == (i2 = this.coordinatePoints) || i2.setEnabled(this.showCoordinatePoints)), v(null == e2 ? void 0 : e2.cursors) && (this.cursors = t$1({}, this.cursors, e2.cursors)), C(null == e2 ? void 0 : e2.keyEvents) ? this.keyEvents = { cancel: null, finish: null } : v(null == e2 ? void 0 : e2.keyEvents) && (this.keyEvents = t$1({}, this.keyEvents, e2.keyEvents)), m(null == e2 ? void 0 : e2.startingRadiusKilometers) && (this.startingRadiusKilometers = e2.startingRadiusKilometers), I(null == e2 ? void 0 : e2.drawInteraction) && (this.drawInteraction = e2.drawInteraction), m(null == e2 ? void 0 : e2.segments)) {
      const t2 = Math.trunc(e2.segments);
      this.segments = t2 < this.minimumSegments ? this.minimumSegments : t2;
    }
  }
  close() {
    if (void 0 === this.currentCircleId || void 0 === this.endPosition) return;
    if (!this.updateCircle(this.endPosition, s.Finish)) return;
    const t2 = this.currentCircleId;
    this.cursorMovedAfterInitialCursorDown = false, this.center = void 0, this.currentCircleId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted(), this.onFinish(t2, { mode: this.mode, action: e });
  }
  beginDrawing(t2, e2 = "click") {
    this.center = [t2.lng, t2.lat], this.endPosition = [t2.lng, t2.lat];
    const i2 = j({ center: this.center, radiusKilometers: this.startingRadiusKilometers, coordinatePrecision: this.coordinatePrecision, steps: this.segments }), o2 = this.mutateFeature.createPolygon({ coordinates: i2.geometry.coordinates[0], properties: { mode: this.mode, radiusKilometers: this.startingRadiusKilometers, [d.CURRENTLY_DRAWING]: true } });
    o2 && (this.currentCircleId = o2.id, this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: o2.id, featureCoordinates: o2.geometry.coordinates }), this.cursorMovedAfterInitialCursorDown = false, this.drawType = e2, this.setDrawing());
  }
  dragDrawAllowed() {
    return "click-drag" === this.drawInteraction || "click-move-or-drag" === this.drawInteraction;
  }
  moveDrawAllowed() {
    return "click-move" === this.drawInteraction || "click-move-or-drag" === this.drawInteraction;
  }
  start() {
    this.setStarted(), this.setCursor(this.cursors.start);
  }
  stop() {
    this.cleanUp(), this.setStopped(), this.setCursor(N);
  }
  onClick(t2) {
    this.moveDrawAllowed() && ("right" === t2.button && this.allowPointerEvent(this.pointerEvents.rightClick, t2) || "left" === t2.button && this.allowPointerEvent(this.pointerEvents.leftClick, t2) || t2.isContextMenu && this.allowPointerEvent(this.pointerEvents.contextMenu, t2)) && (this.center ? this.center && void 0 !== this.currentCircleId && (this.endPosition = [t2.lng, t2.lat], this.close()) : this.beginDrawing(t2));
  }
  onMouseMove(t2) {
    this.cursorMovedAfterInitialCursorDown = true, this.endPosition = [t2.lng, t2.lat], this.updateCircle(this.endPosition, s.Provisional);
  }
  onKeyDown() {
  }
  onKeyUp(t2) {
    t2.key === this.keyEvents.cancel ? (this.cancelled = "drag" === this.drawType, this.cleanUp()) : t2.key === this.keyEvents.finish && this.close();
  }
  onDragStart(t2, e2) {
    "drawing" !== this.state && this.allowPointerEvent(this.pointerEvents.onDragStart, t2) && this.dragDrawAllowed() && (this.cancelled = false, this.beginDrawing(t2, "drag"), e2(false));
  }
  onDrag(t2, e2) {
    this.allowPointerEvent(this.pointerEvents.onDrag, t2) && this.dragDrawAllowed() && "drag" === this.drawType && (this.cursorMovedAfterInitialCursorDown = true, this.endPosition = [t2.lng, t2.lat], this.updateCircle(this.endPosition, s.Provisional));
  }
  onDragEnd(t2, e2) {
    if (this.cancelled) return this.cancelled = false, void e2(true);
    this.allowPointerEvent(this.pointerEvents.onDragEnd, t2) && this.dragDrawAllowed() && "drag" === this.drawType && (this.endPosition = [t2.lng, t2.lat], this.close(), e2(true));
  }
  cleanUp() {
    const t2 = this.currentCircleId;
    this.center = void 0, this.currentCircleId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted(), void 0 !== t2 && this.showCoordinatePoints && this.coordinatePoints.deletePointsByFeatureIds([t2]), this.mutateFeature.deleteFeatureIfPresent(t2);
  }
  styleFeature(e2) {
    const i2 = t$1({}, { polygonFillColor: "#3f97e0", polygonOutlineColor: "#3f97e0", polygonOutlineWidth: 4, polygonOutlineOpacity: 1, polygonFillOpacity: 0.3, pointColor: "#3f97e0", pointOpacity: 1, pointOutlineColor: "#ffffff", pointOutlineOpacity: 1, pointOutlineWidth: 0, pointWidth: 6, lineStringColor: "#3f97e0", lineStringWidth: 4, lineStringOpacity: 1, zIndex: 0, markerUrl: void 0, markerHeight: void 0, markerWidth: void 0, lineStringDash: void 0 });
    return "Feature" === e2.type && "Polygon" === e2.geometry.type && e2.properties.mode === this.mode ? (i2.polygonFillColor = this.getHexColorStylingValue(this.styles.fillColor, i2.polygonFillColor, e2), i2.polygonOutlineColor = this.getHexColorStylingValue(this.styles.outlineColor, i2.polygonOutlineColor, e2), i2.polygonOutlineWidth = this.getNumericStylingValue(this.styles.outlineWidth, i2.polygonOutlineWidth, e2), i2.polygonOutlineOpacity = this.getNumericStylingValue(this.styles.outlineOpacity, 1, e2), i2.polygonFillOpacity = this.getNumericStylingValue(this.styles.fillOpacity, i2.polygonFillOpacity, e2), i2.zIndex = h, i2) : "Feature" === e2.type && e2.properties.mode === this.mode && "Point" === e2.geometry.type && e2.properties[d.COORDINATE_POINT] ? (i2.pointWidth = this.getNumericStylingValue(this.styles.coordinatePointWidth, i2.pointWidth, e2), i2.pointColor = this.getHexColorStylingValue(this.styles.coordinatePointColor, i2.pointColor, e2), i2.pointOpacity = this.getNumericStylingValue(this.styles.coordinatePointOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(this.styles.coordinatePointOutlineWidth, 2, e2), i2.pointOutlineColor = this.getHexColorStylingValue(this.styles.coordinatePointOutlineColor, i2.pointOutlineColor, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(this.styles.coordinatePointOutlineOpacity, 1, e2), i2.zIndex = l, i2) : i2;
  }
  validateFeature(t2) {
    return this.validateModeFeature(t2, (t3) => it(t3, this.coordinatePrecision));
  }
  updateCircle(t2, i2) {
    if (void 0 === this.currentCircleId || void 0 === this.center) return;
    const o2 = i2 === s.Finish;
    let n2, r2;
    if (this.cursorMovedAfterInitialCursorDown) if (r2 = _(this.center, t2), "web-mercator" === this.projection) {
      const e2 = function(t3, e3) {
        const i3 = 1e3 * _(t3, e3);
        if (0 === i3) return 1;
        const { x: o3, y: n3 } = z(t3[0], t3[1]), { x: s2, y: r3 } = z(e3[0], e3[1]);
        return Math.sqrt(Math.pow(s2 - o3, 2) + Math.pow(r3 - n3, 2)) / i3;
      }(this.center, t2);
      n2 = function(t3) {
        const { center: e3, radiusKilometers: i3, coordinatePrecision: o3 } = t3, n3 = t3.steps ? t3.steps : 64, s2 = 1e3 * i3, [r3, a3] = e3, { x: d2, y: h3 } = z(r3, a3), l2 = [];
        for (let t4 = 0; t4 < n3; t4++) {
          const e4 = 360 * t4 / n3 * Math.PI / 180, i4 = s2 * Math.cos(e4), r4 = s2 * Math.sin(e4), [a4, u2] = [d2 + i4, h3 + r4], { lng: c2, lat: p2 } = H(a4, u2);
          l2.push([L(c2, o3), L(p2, o3)]);
        }
        return l2.push(l2[0]), { type: "Feature", geometry: { type: "Polygon", coordinates: [l2] }, properties: {} };
      }({ center: this.center, radiusKilometers: r2 * e2, coordinatePrecision: this.coordinatePrecision, steps: this.segments });
    } else {
      if ("globe" !== this.projection) throw new Error("Invalid projection");
      n2 = j({ center: this.center, radiusKilometers: r2, coordinatePrecision: this.coordinatePrecision, steps: this.segments });
    }
    const a2 = {};
    n2 && void 0 !== r2 && (a2.radiusKilometers = r2), o2 && (a2[d.CURRENTLY_DRAWING] = void 0);
    const h2 = this.mutateFeature.updatePolygon({ featureId: this.currentCircleId, coordinateMutations: n2 ? { type: ht, coordinates: n2.geometry.coordinates } : void 0, propertyMutations: a2, context: o2 ? { updateType: i2, action: e } : { updateType: i2 } });
    return h2 && this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentCircleId, featureCoordinates: h2.geometry.coordinates }), h2;
  }
  afterFeatureUpdated(t2) {
    this.showCoordinatePoints && "Polygon" === t2.geometry.type && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates }), this.currentCircleId === t2.id && (this.cursorMovedAfterInitialCursorDown = false, this.center = void 0, this.currentCircleId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted());
  }
  afterFeatureAdded(t2) {
    this.showCoordinatePoints && "Polygon" === t2.geometry.type && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates });
  }
  registerBehaviors(t2) {
    this.readFeature = new ct(t2), this.mutateFeature = new lt(t2, { validate: this.validate }), this.coordinatePoints = new mt(t2, this.readFeature, this.mutateFeature);
  }
}
function Pt(t2, e2, i2) {
  const o2 = R(t2[0]), n2 = R(t2[1]), s2 = R(i2), r2 = W(e2), a2 = Math.asin(Math.sin(n2) * Math.cos(r2) + Math.cos(n2) * Math.sin(r2) * Math.cos(s2));
  return [U(o2 + Math.atan2(Math.sin(s2) * Math.sin(r2) * Math.cos(n2), Math.cos(r2) - Math.sin(n2) * Math.sin(a2))), U(a2)];
}
function St(t2, e2, i2) {
  return (t2 = Math.max(t2, Number.EPSILON)) * (e2 = Math.max(e2, Number.EPSILON)) / Math.sqrt(e2 ** 2 * Math.sin(i2) ** 2 + t2 ** 2 * Math.cos(i2) ** 2);
}
function Ft(t2) {
  var e2;
  const { center: i2, xRadiusKilometers: o2, yRadiusKilometers: n2, coordinatePrecision: s2 } = t2, r2 = null != (e2 = t2.steps) ? e2 : 64, a2 = [];
  for (let t3 = 0; t3 < r2; t3++) {
    const e3 = Pt(i2, St(o2, n2, 2 * t3 * Math.PI / r2), 360 * t3 / r2);
    a2.push([L(e3[0], s2), L(e3[1], s2)]);
  }
  return a2.push(a2[0]), { type: "Feature", geometry: { type: "Polygon", coordinates: [a2] }, properties: {} };
}
function Ot(t2) {
  var e2;
  const { center: i2, xRadiusKilometers: o2, yRadiusKilometers: n2, coordinatePrecision: s2 } = t2, r2 = null != (e2 = t2.steps) ? e2 : 64, a2 = 1e3 * o2, d2 = 1e3 * n2, { x: h2, y: l2 } = z(i2[0], i2[1]), u2 = [];
  for (let t3 = 0; t3 < r2; t3++) {
    const e3 = 2 * t3 * Math.PI / r2, i3 = H(h2 + a2 * Math.cos(e3), l2 + d2 * Math.sin(e3));
    u2.push([L(i3.lng, s2), L(i3.lat, s2)]);
  }
  return u2.push(u2[0]), { type: "Feature", geometry: { type: "Polygon", coordinates: [u2] }, properties: {} };
}
const xt = { cancel: "Escape", finish: "Enter" }, wt = { start: "crosshair" };
class Mt extends O {
  constructor(t2) {
    super(t2, true), this.mode = "ellipse", this.center = void 0, this.endPosition = void 0, this.segments = 64, this.currentEllipseId = void 0, this.keyEvents = xt, this.cursors = wt, this.startingRadiusKilometers = 1e-5, this.cursorMovedAfterInitialCursorDown = false, this.drawInteraction = "click-move", this.drawType = void 0, this.minimumSegments = 3, this.showCoordinatePoints = false, this.cancelled = false, this.readFeature = void 0, this.coordinatePoints = void 0, this.mutateFeature = void 0, this.updateOptions(t2);
  }
  updateOptions(e2) {
    var i2;
    if (super.updateOptions(e2), f(null == e2 ? void 0 : e2.showCoordinatePoints) && (this.showCoordinatePoints = e2.showCoordinatePoints, null == (i2 = this.coordinatePoints) || i2.setEnabled(this.showCoordinatePoints)), v(null == e2 ? void 0 : e2.cursors) && (this.cursors = t$1({}, this.cursors, e2.cursors)), C(null == e2 ? void 0 : e2.keyEvents) ? this.keyEvents = { cancel: null, finish: null } : v(null == e2 ? void 0 : e2.keyEvents) && (this.keyEvents = t$1({}, this.keyEvents, e2.keyEvents)), m(null == e2 ? void 0 : e2.startingRadiusKilometers) && (this.startingRadiusKilometers = e2.startingRadiusKilometers), I(null == e2 ? void 0 : e2.drawInteraction) && (this.drawInteraction = e2.drawInteraction), m(null == e2 ? void 0 : e2.segments)) {
      const t2 = Math.trunc(e2.segments);
      this.segments = t2 < this.minimumSegments ? this.minimumSegments : t2;
    }
  }
  close() {
    if (void 0 === this.currentEllipseId || void 0 === this.endPosition) return;
    if (!this.updateEllipse(this.endPosition, s.Finish)) return;
    const t2 = this.currentEllipseId;
    this.cursorMovedAfterInitialCursorDown = false, this.center = void 0, this.currentEllipseId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted(), this.onFinish(t2, { mode: this.mode, action: e });
  }
  beginDrawing(t2, e2 = "click") {
    let i2;
    if (this.cancelled = false, this.center = [t2.lng, t2.lat], this.endPosition = [t2.lng, t2.lat], "globe" === this.projection) i2 = Ft({ steps: this.segments, center: this.center, xRadiusKilometers: this.startingRadiusKilometers, yRadiusKilometers: this.startingRadiusKilometers, coordinatePrecision: this.coordinatePrecision });
    else {
      if ("web-mercator" !== this.projection) throw new Error(`Unsupported projection: ${this.projection}`);
      i2 = Ot({ steps: this.segments, center: this.center, xRadiusKilometers: this.startingRadiusKilometers, yRadiusKilometers: this.startingRadiusKilometers, coordinatePrecision: this.coordinatePrecision });
    }
    const o2 = this.mutateFeature.createPolygon({ coordinates: i2.geometry.coordinates[0], properties: { mode: this.mode, xRadiusKilometers: this.startingRadiusKilometers, yRadiusKilometers: this.startingRadiusKilometers, [d.CURRENTLY_DRAWING]: true } });
    return !!o2 && (this.currentEllipseId = o2.id, this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: o2.id, featureCoordinates: o2.geometry.coordinates }), this.cursorMovedAfterInitialCursorDown = false, this.drawType = e2, this.setDrawing(), true);
  }
  dragDrawAllowed() {
    return "click-drag" === this.drawInteraction || "click-move-or-drag" === this.drawInteraction;
  }
  moveDrawAllowed() {
    return "click-move" === this.drawInteraction || "click-move-or-drag" === this.drawInteraction;
  }
  start() {
    this.setStarted(), this.setCursor(this.cursors.start);
  }
  stop() {
    this.cleanUp(), this.setStopped(), this.setCursor("unset");
  }
  onClick(t2) {
    const e2 = "right" === t2.button && this.allowPointerEvent(this.pointerEvents.rightClick, t2) || "left" === t2.button && this.allowPointerEvent(this.pointerEvents.leftClick, t2) || t2.isContextMenu && this.allowPointerEvent(this.pointerEvents.contextMenu, t2);
    this.moveDrawAllowed() && e2 && (this.center ? void 0 !== this.currentEllipseId && (this.endPosition = [t2.lng, t2.lat], this.close()) : this.beginDrawing(t2));
  }
  onMouseMove(t2) {
    this.cursorMovedAfterInitialCursorDown = true, this.endPosition = [t2.lng, t2.lat], this.updateEllipse(this.endPosition, s.Provisional);
  }
  onKeyDown() {
  }
  onKeyUp(t2) {
    t2.key === this.keyEvents.cancel ? (this.cancelled = "drag" === this.drawType, this.cleanUp()) : t2.key === this.keyEvents.finish && this.close();
  }
  onDragStart(t2, e2) {
    if ("drawing" !== this.state && this.allowPointerEvent(this.pointerEvents.onDragStart, t2) && this.dragDrawAllowed()) {
      if (!this.beginDrawing(t2, "drag")) return;
      e2(false);
    }
  }
  onDrag(t2, e2) {
    this.allowPointerEvent(this.pointerEvents.onDrag, t2) && this.dragDrawAllowed() && "drag" === this.drawType && (this.cursorMovedAfterInitialCursorDown = true, this.endPosition = [t2.lng, t2.lat], this.updateEllipse(this.endPosition, s.Provisional));
  }
  onDragEnd(t2, e2) {
    if (this.cancelled) return this.cancelled = false, void e2(true);
    this.allowPointerEvent(this.pointerEvents.onDragEnd, t2) && this.dragDrawAllowed() && "drag" === this.drawType && (this.endPosition = [t2.lng, t2.lat], this.close(), e2(true));
  }
  cleanUp() {
    const t2 = this.currentEllipseId;
    this.center = void 0, this.currentEllipseId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted(), void 0 !== t2 && this.showCoordinatePoints && this.coordinatePoints.deletePointsByFeatureIds([t2]), this.mutateFeature.deleteFeatureIfPresent(t2);
  }
  styleFeature(e2) {
    const i2 = t$1({}, { polygonFillColor: "#3f97e0", polygonOutlineColor: "#3f97e0", polygonOutlineWidth: 4, polygonOutlineOpacity: 1, polygonFillOpacity: 0.3, pointColor: "#3f97e0", pointOpacity: 1, pointOutlineColor: "#ffffff", pointOutlineOpacity: 1, pointOutlineWidth: 0, pointWidth: 6, lineStringColor: "#3f97e0", lineStringWidth: 4, lineStringOpacity: 1, zIndex: 0, markerUrl: void 0, markerHeight: void 0, markerWidth: void 0, lineStringDash: void 0 });
    if ("Feature" === e2.type && "Polygon" === e2.geometry.type && e2.properties.mode === this.mode) i2.polygonFillColor = this.getHexColorStylingValue(this.styles.fillColor, i2.polygonFillColor, e2), i2.polygonOutlineColor = this.getHexColorStylingValue(this.styles.outlineColor, i2.polygonOutlineColor, e2), i2.polygonOutlineWidth = this.getNumericStylingValue(this.styles.outlineWidth, i2.polygonOutlineWidth, e2), i2.polygonOutlineOpacity = this.getNumericStylingValue(this.styles.outlineOpacity, 1, e2), i2.polygonFillOpacity = this.getNumericStylingValue(this.styles.fillOpacity, i2.polygonFillOpacity, e2), i2.zIndex = h;
    else if ("Feature" === e2.type && e2.properties.mode === this.mode && "Point" === e2.geometry.type && e2.properties[d.COORDINATE_POINT]) return i2.pointWidth = this.getNumericStylingValue(this.styles.coordinatePointWidth, i2.pointWidth, e2), i2.pointColor = this.getHexColorStylingValue(this.styles.coordinatePointColor, i2.pointColor, e2), i2.pointOpacity = this.getNumericStylingValue(this.styles.coordinatePointOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(this.styles.coordinatePointOutlineWidth, 2, e2), i2.pointOutlineColor = this.getHexColorStylingValue(this.styles.coordinatePointOutlineColor, i2.pointOutlineColor, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(this.styles.coordinatePointOutlineOpacity, 1, e2), i2.zIndex = l, i2;
    return i2;
  }
  validateFeature(t2) {
    return this.validateModeFeature(t2, (t3) => it(t3, this.coordinatePrecision));
  }
  updateEllipse(t2, i2) {
    if (void 0 === this.currentEllipseId || void 0 === this.center) return;
    const o2 = i2 === s.Finish;
    let n2, r2, a2;
    if (this.cursorMovedAfterInitialCursorDown) if ("web-mercator" === this.projection) {
      const e2 = z(this.center[0], this.center[1]), i3 = z(t2[0], t2[1]);
      r2 = Math.abs(i3.x - e2.x) / 1e3, a2 = Math.abs(i3.y - e2.y) / 1e3, n2 = Ot({ center: this.center, xRadiusKilometers: r2, yRadiusKilometers: a2, coordinatePrecision: this.coordinatePrecision, steps: this.segments });
    } else {
      if ("globe" !== this.projection) throw new Error("Invalid projection");
      r2 = _(this.center, [t2[0], this.center[1]]), a2 = _(this.center, [this.center[0], t2[1]]), n2 = Ft({ center: this.center, xRadiusKilometers: r2, yRadiusKilometers: a2, coordinatePrecision: this.coordinatePrecision, steps: this.segments });
    }
    const h2 = {};
    n2 && void 0 !== r2 && void 0 !== a2 && (h2.xRadiusKilometers = r2, h2.yRadiusKilometers = a2), o2 && (h2[d.CURRENTLY_DRAWING] = void 0);
    const l2 = this.mutateFeature.updatePolygon({ featureId: this.currentEllipseId, coordinateMutations: n2 ? { type: ht, coordinates: n2.geometry.coordinates } : void 0, propertyMutations: h2, context: o2 ? { updateType: i2, action: e } : { updateType: i2 } });
    return l2 && this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentEllipseId, featureCoordinates: l2.geometry.coordinates }), l2;
  }
  afterFeatureUpdated(t2) {
    this.showCoordinatePoints && "Polygon" === t2.geometry.type && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates }), this.currentEllipseId === t2.id && (this.cursorMovedAfterInitialCursorDown = false, this.center = void 0, this.currentEllipseId = void 0, this.drawType = void 0, "drawing" === this.state && this.setStarted());
  }
  afterFeatureAdded(t2) {
    this.showCoordinatePoints && "Polygon" === t2.geometry.type && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates });
  }
  registerBehaviors(t2) {
    this.readFeature = new ct(t2), this.mutateFeature = new lt(t2, { validate: this.validate }), this.coordinatePoints = new mt(t2, this.readFeature, this.mutateFeature);
  }
}
const Et = (t2, e2) => {
  const { x: i2, y: o2 } = t2, { x: n2, y: s2 } = e2, r2 = n2 - i2, a2 = s2 - o2;
  return Math.sqrt(a2 * a2 + r2 * r2);
};
function Nt({ unproject: t2, point: e2, pointerDistance: i2 }) {
  const o2 = i2 / 2, { x: n2, y: s2 } = e2;
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[t2(n2 - o2, s2 - o2), t2(n2 + o2, s2 - o2), t2(n2 + o2, s2 + o2), t2(n2 - o2, s2 + o2), t2(n2 - o2, s2 - o2)].map((t3) => [t3.lng, t3.lat])] } };
}
class _t extends ot {
  constructor(t2) {
    super(t2);
  }
  create(t2) {
    const { containerX: e2, containerY: i2 } = t2;
    return Nt({ unproject: this.unproject, point: { x: e2, y: i2 }, pointerDistance: this.pointerDistance });
  }
}
class Tt extends ot {
  constructor(t2) {
    super(t2);
  }
  measure(t2, e2) {
    const { x: i2, y: o2 } = this.project(e2[0], e2[1]);
    return Et({ x: i2, y: o2 }, { x: t2.containerX, y: t2.containerY });
  }
}
class Rt extends ot {
  constructor(t2, e2, i2) {
    super(t2), this.config = void 0, this.pixelDistance = void 0, this.clickBoundingBox = void 0, this.config = t2, this.pixelDistance = e2, this.clickBoundingBox = i2;
  }
  getSnappableCoordinateFirstClick(t2) {
    return this.getSnappable(t2, (t3) => Boolean(t3.properties && t3.properties.mode === this.mode)).coordinate;
  }
  getSnappableCoordinate(t2, e2) {
    return this.getSnappable(t2, (t3) => Boolean(t3.properties && t3.properties.mode === this.mode && t3.id !== e2)).coordinate;
  }
  getSnappable(t2, e2) {
    const i2 = this.clickBoundingBox.create(t2), o2 = this.store.search(i2, e2), n2 = { featureId: void 0, featureCoordinateIndex: void 0, coordinate: void 0, minDistance: Infinity };
    return o2.forEach((e3) => {
      let i3;
      if ("Polygon" === e3.geometry.type) i3 = e3.geometry.coordinates[0];
      else if ("LineString" === e3.geometry.type) i3 = e3.geometry.coordinates;
      else {
        if ("Point" !== e3.geometry.type) return;
        var o3, s2, r2, h2, l2, u2;
        if (null != (o3 = e3.properties) && o3[d.EDITED] || null != (s2 = e3.properties) && s2[d.CLOSING_POINT] || null != (r2 = e3.properties) && r2[d.SNAPPING_POINT] || null != (h2 = e3.properties) && h2[d.COORDINATE_POINT] || null != (l2 = e3.properties) && l2[a.SELECTION_POINT] || null != (u2 = e3.properties) && u2[a.MID_POINT]) return;
        i3 = [e3.geometry.coordinates];
      }
      i3.forEach((i4, o4) => {
        const s3 = this.pixelDistance.measure(t2, i4);
        s3 < n2.minDistance && s3 < this.pointerDistance && (n2.coordinate = i4, n2.minDistance = s3, n2.featureId = e3.id, n2.featureCoordinateIndex = o4);
      });
    }), n2;
  }
}
function Wt(t2, e2) {
  const i2 = R(t2[0]), o2 = R(e2[0]), n2 = R(t2[1]), s2 = R(e2[1]), r2 = Math.sin(o2 - i2) * Math.cos(s2), a2 = Math.cos(n2) * Math.sin(s2) - Math.sin(n2) * Math.cos(s2) * Math.cos(o2 - i2);
  return U(Math.atan2(r2, a2));
}
function Ut({ x: t2, y: e2 }, { x: i2, y: o2 }) {
  const n2 = i2 - t2, s2 = o2 - e2;
  if (0 === n2 && 0 === s2) return 0;
  let r2 = Math.atan2(s2, n2);
  return r2 *= 180 / Math.PI, r2 > 180 ? r2 -= 360 : r2 < -180 && (r2 += 360), r2;
}
function Ht(t2, e2) {
  if ("LineString" !== t2.geometry.type) return { valid: false, reason: "Feature is not a LineString" };
  if (t2.geometry.coordinates.length < 2) return { valid: false, reason: "Feature has less than 2 coordinates" };
  for (let i2 = 0; i2 < t2.geometry.coordinates.length; i2++) {
    if (!$(t2.geometry.coordinates[i2])) return { valid: false, reason: "Feature has invalid coordinates" };
    if (!X(t2.geometry.coordinates[i2], e2)) return { valid: false, reason: "Feature has coordinates with excessive precision" };
  }
  return { valid: true };
}
function Gt(t2) {
  return Math.sqrt(Math.pow(t2[0], 2) + Math.pow(t2[1], 2) + Math.pow(t2[2], 2));
}
function jt(t2, e2) {
  const i2 = function(t3, e3) {
    const [i3, o2, n2] = t3, [s2, r2, a2] = e3;
    return i3 * s2 + o2 * r2 + n2 * a2;
  }(t2, e2) / (Gt(t2) * Gt(e2));
  return Math.acos(Math.min(Math.max(i2, -1), 1));
}
function Kt(t2) {
  const e2 = R(t2[1]), i2 = R(t2[0]);
  return [Math.cos(e2) * Math.cos(i2), Math.cos(e2) * Math.sin(i2), Math.sin(e2)];
}
function Yt(t2) {
  const [e2, i2, o2] = t2, n2 = U(Math.asin(o2));
  return [U(Math.atan2(i2, e2)), n2];
}
function Xt(t2, e2, i2) {
  const o2 = Kt(t2), n2 = Kt(e2), s2 = Kt(i2), [r2, a2, d2] = s2, [h2, l2, u2] = function(t3, e3) {
    const [i3, o3, n3] = t3, [s3, r3, a3] = e3;
    return [o3 * a3 - n3 * r3, n3 * s3 - i3 * a3, i3 * r3 - o3 * s3];
  }(o2, n2), c2 = l2 * d2 - u2 * a2, p2 = u2 * r2 - h2 * d2, g = h2 * a2 - l2 * r2, y2 = g * l2 - p2 * u2, m2 = c2 * u2 - g * h2, f2 = p2 * h2 - c2 * l2, C2 = 1 / Math.sqrt(Math.pow(y2, 2) + Math.pow(m2, 2) + Math.pow(f2, 2)), v2 = [y2 * C2, m2 * C2, f2 * C2], P2 = [-1 * y2 * C2, -1 * m2 * C2, -1 * f2 * C2], I2 = jt(o2, n2), S2 = jt(o2, v2), F2 = jt(n2, v2), O2 = jt(o2, P2), x2 = jt(n2, P2);
  let w2;
  return w2 = S2 < O2 && S2 < x2 || F2 < O2 && F2 < x2 ? v2 : P2, jt(o2, w2) > I2 || jt(n2, w2) > I2 ? _(Yt(w2), Yt(o2)) <= _(Yt(w2), Yt(n2)) ? [Yt(o2), true, false] : [Yt(n2), false, true] : [Yt(w2), false, false];
}
function $t(t2, e2, i2) {
  const o2 = e2.x - t2.x, n2 = e2.y - t2.y, s2 = Math.max(0, Math.min(1, ((i2.x - t2.x) * o2 + (i2.y - t2.y) * n2) / (o2 * o2 + n2 * n2)));
  return { x: t2.x + s2 * o2, y: t2.y + s2 * n2 };
}
class qt extends ot {
  constructor(t2, e2, i2) {
    super(t2), this.config = void 0, this.pixelDistance = void 0, this.clickBoundingBox = void 0, this.getSnappableCoordinateFirstClick = (t3) => {
      const e3 = this.getSnappable(t3, (t4) => Boolean(t4.properties && t4.properties.mode === this.mode));
      return e3.coordinate ? [L(e3.coordinate[0], this.config.coordinatePrecision), L(e3.coordinate[1], this.config.coordinatePrecision)] : void 0;
    }, this.getSnappableCoordinate = (t3, e3) => {
      const i3 = this.getSnappable(t3, (t4) => Boolean(t4.properties && t4.properties.mode === this.mode && t4.id !== e3));
      return i3.coordinate ? [L(i3.coordinate[0], this.config.coordinatePrecision), L(i3.coordinate[1], this.config.coordinatePrecision)] : void 0;
    }, this.getSnappable = (t3, e3) => {
      const i3 = this.clickBoundingBox.create(t3), o2 = this.store.search(i3, e3), n2 = { featureId: void 0, featureCoordinateIndex: void 0, coordinate: void 0, minDistance: Infinity };
      return o2.forEach((e4) => {
        let i4;
        if ("Polygon" === e4.geometry.type) i4 = e4.geometry.coordinates[0];
        else {
          if ("LineString" !== e4.geometry.type) return;
          i4 = e4.geometry.coordinates;
        }
        const o3 = [];
        for (let t4 = 0; t4 < i4.length - 1; t4++) o3.push([i4[t4], i4[t4 + 1]]);
        let s2;
        const r2 = [t3.lng, t3.lat];
        if ("web-mercator" === this.config.projection ? s2 = function(t4, e5) {
          let i5 = [Infinity, Infinity], o4 = Infinity, n3 = 0;
          for (let s3 of e5) {
            const r3 = s3[0], a3 = s3[1];
            let d2, h2 = Infinity;
            const l2 = z(r3[0], r3[1]), u2 = z(a3[0], a3[1]), c2 = z(t4[0], t4[1]);
            if (r3[0] === t4[0] && r3[1] === t4[1]) d2 = r3;
            else if (a3[0] === t4[0] && a3[1] === t4[1]) d2 = a3;
            else {
              const { x: t5, y: e6 } = $t(l2, u2, c2), { lng: i6, lat: o5 } = H(t5, e6);
              d2 = [i6, o5];
            }
            d2 && (h2 = Et(c2, z(d2[0], d2[1])), h2 < o4 && (i5 = d2, o4 = h2, n3 = e5.indexOf(s3)));
          }
          return Infinity === o4 ? void 0 : { coordinate: i5, lineIndex: n3, distance: o4 };
        }(r2, o3) : "globe" === this.config.projection && (s2 = function(t4, e5) {
          let i5 = [Infinity, Infinity], o4 = Infinity, n3 = 0;
          for (let s3 of e5) {
            const r3 = s3[0], a3 = s3[1];
            let d2, h2 = Infinity;
            r3[0] === t4[0] && r3[1] === t4[1] ? d2 = r3 : a3[0] === t4[0] && a3[1] === t4[1] ? d2 = a3 : [d2] = Xt(r3, a3, t4), d2 && (h2 = _(t4, d2), h2 < o4 && (i5 = d2, o4 = h2, n3 = e5.indexOf(s3)));
          }
          return Infinity === o4 ? void 0 : { coordinate: i5, distance: o4, lineIndex: n3 };
        }(r2, o3)), !s2) return;
        const a2 = this.pixelDistance.measure(t3, s2.coordinate);
        a2 < n2.minDistance && a2 < this.pointerDistance && (n2.featureId = e4.id, n2.coordinate = [L(s2.coordinate[0], this.config.coordinatePrecision), L(s2.coordinate[1], this.config.coordinatePrecision)], n2.featureCoordinateIndex = s2.lineIndex, n2.minDistance = a2);
      }), n2;
    }, this.config = t2, this.pixelDistance = e2, this.clickBoundingBox = i2;
  }
}
class Zt {
  constructor(t2, e2) {
    this.coordinateSnapping = void 0, this.lineSnapping = void 0, this.coordinateSnapping = t2, this.lineSnapping = e2;
  }
  getSnappable(t2, e2, i2, o2) {
    const n2 = false !== (null == o2 ? void 0 : o2.toLine), s2 = (t3) => (void 0 === e2 || t3.id !== e2) && (!i2 || i2(t3));
    let r2 = { coordinate: void 0, featureId: void 0, featureCoordinateIndex: void 0, minDistance: Infinity };
    if (false !== (null == o2 ? void 0 : o2.toCoordinate)) {
      const e3 = this.coordinateSnapping.getSnappable(t2, s2);
      e3.coordinate && e3.minDistance < r2.minDistance && (r2 = e3);
    }
    if (n2) {
      const e3 = this.lineSnapping.getSnappable(t2, s2);
      e3.coordinate && e3.minDistance < r2.minDistance && (r2 = e3);
    }
    return r2;
  }
}
class Jt extends ot {
  constructor(t2, e2, i2, o2) {
    super(t2), this.config = void 0, this.pixelDistance = void 0, this.mutateFeatureBehavior = void 0, this.readFeatureBehavior = void 0, this._startEndPoints = [], this.config = t2, this.pixelDistance = e2, this.mutateFeatureBehavior = i2, this.readFeatureBehavior = o2;
  }
  get ids() {
    return this._startEndPoints.concat();
  }
  set ids(t2) {
  }
  create(t2) {
    if (this.ids.length) throw new Error("Opening and closing points already created");
    const e2 = pt(t2), i2 = yt(t2);
    if (e2) {
      if (i2.length <= 3) throw new Error("Requires at least 4 coordinates");
      this._startEndPoints = this.mutateFeatureBehavior.createGuidancePoints({ coordinates: [i2[0], i2[i2.length - 2]], type: d.CLOSING_POINT });
    } else this._startEndPoints = [this.mutateFeatureBehavior.createGuidancePoint({ coordinate: i2[i2.length - 2], type: d.CLOSING_POINT })];
  }
  delete() {
    this.ids.length && (this.mutateFeatureBehavior.deleteFeaturesIfPresent(this.ids), this._startEndPoints = []);
  }
  updateOne(t2, e2) {
    this.mutateFeatureBehavior.updateGuidancePoints([{ featureId: this.ids[t2], coordinate: e2 }]);
  }
  update(t2) {
    const e2 = yt(t2);
    1 !== this.ids.length ? 2 === this.ids.length && this.mutateFeatureBehavior.updateGuidancePoints([{ featureId: this.ids[0], coordinate: e2[0] }, { featureId: this.ids[1], coordinate: e2[e2.length - 3] }]) : this.mutateFeatureBehavior.updateGuidancePoints([{ featureId: this.ids[0], coordinate: e2[e2.length - 2] }]);
  }
  isLineStringClosingPoint(t2) {
    if (1 !== this.ids.length) return { isClosing: false };
    const e2 = this.readFeatureBehavior.getGeometry(this.ids[0]);
    return { isClosing: this.pixelDistance.measure(t2, e2.coordinates) < this.pointerDistance };
  }
  isPolygonClosingPoints(t2) {
    if (2 !== this.ids.length) return { isClosing: false, isPreviousClosing: false };
    const e2 = this.readFeatureBehavior.getGeometry(this.ids[0]), i2 = this.readFeatureBehavior.getGeometry(this.ids[1]), o2 = this.pixelDistance.measure(t2, e2.coordinates), n2 = this.pixelDistance.measure(t2, i2.coordinates);
    return { isClosing: o2 < this.pointerDistance, isPreviousClosing: n2 < this.pointerDistance };
  }
}
class Qt {
  constructor(t2) {
    this.undoHistory = [], this.redoHistory = [], this.cloneCoordinatesFunction = void 0, this.maxStackSize = void 0, this.cloneCoordinatesFunction = (t3) => this.cloneRecursively(t3);
    const e2 = null == t2 ? void 0 : t2.maxStackSize;
    this.maxStackSize = void 0 !== e2 && Number.isFinite(e2) ? Math.max(0, Math.floor(e2)) : Number.POSITIVE_INFINITY;
  }
  setMaxStackSize(t2) {
    Number.isFinite(t2) ? (this.maxStackSize = Math.max(0, Math.floor(t2)), this.trimHistoryToMax(this.undoHistory), this.trimHistoryToMax(this.redoHistory)) : this.maxStackSize = Number.POSITIVE_INFINITY;
  }
  trimHistoryToMax(t2) {
    if (Number.isFinite(this.maxStackSize)) for (; t2.length > this.maxStackSize; ) t2.shift();
  }
  pushUndoEntry(t2) {
    0 !== this.maxStackSize && (this.undoHistory.push(t2), this.trimHistoryToMax(this.undoHistory));
  }
  pushRedoEntry(t2) {
    0 !== this.maxStackSize && (this.redoHistory.push(t2), this.trimHistoryToMax(this.redoHistory));
  }
  cloneRecursively(e2) {
    return Array.isArray(e2) ? e2.map((t2) => this.cloneRecursively(t2)) : null !== e2 && "object" == typeof e2 ? t$1({}, e2) : e2;
  }
  cloneCoordinates(t2) {
    return this.cloneCoordinatesFunction(t2);
  }
  cloneEntry(t2) {
    return { featureCoordinates: this.cloneCoordinates(t2.featureCoordinates), currentCoordinate: t2.currentCoordinate };
  }
  clear() {
    this.undoHistory = [], this.redoHistory = [];
  }
  undoSize() {
    return this.undoHistory.length;
  }
  redoSize() {
    return this.redoHistory.length;
  }
  recordSnapshot(t2) {
    this.pushUndoEntry(this.cloneEntry(t2)), this.redoHistory = [];
  }
  beginUndo() {
    const t2 = this.undoHistory.pop();
    if (!t2) return;
    const e2 = this.cloneEntry(t2);
    this.pushRedoEntry(e2);
    const i2 = this.undoHistory[this.undoHistory.length - 1];
    return { undoneEntry: e2, previousEntry: i2 ? this.cloneEntry(i2) : void 0 };
  }
  takeRedo() {
    const t2 = this.redoHistory.pop();
    if (t2) return this.cloneEntry(t2);
  }
  commitRedo(t2) {
    this.pushUndoEntry(this.cloneEntry(t2));
  }
}
class te extends ot {
  constructor(t2) {
    super(t2), this.config = void 0, this.EPSILON = 1e-9, this.DEFAULT_DEGREE = 90, this.config = t2;
  }
  getSnappableCoordinate(t2, e2, i2, o2 = {}) {
    if (i2 < 2) return;
    const n2 = "Polygon" === e2.type ? e2.coordinates[0] : e2.coordinates, s2 = n2[i2 - 2], r2 = n2[i2 - 1];
    if (!s2 || !r2) return;
    const a2 = this.getDegree(o2.degree), d2 = [t2.lng, t2.lat], h2 = true === o2.backTracking;
    let l2 = "globe" === this.projection ? this.snapOnGlobe(s2, r2, d2, a2, h2) : this.snapOnWebMercator(s2, r2, d2, a2, h2);
    if ("Polygon" === e2.type && i2 >= 3) {
      const t3 = this.getClosingCandidate(s2, r2, n2[0], d2, a2, h2);
      t3 && this.pixelDistance(d2, t3) < this.pointerDistance && (l2 = t3);
    }
    return l2 ? [L(l2[0], this.coordinatePrecision), L(l2[1], this.coordinatePrecision)] : void 0;
  }
  getDegree(t2) {
    return "number" == typeof t2 && Number.isFinite(t2) && t2 > 0 && t2 <= 180 && 360 / t2 <= 1e4 ? t2 : this.DEFAULT_DEGREE;
  }
  offsets(t2, e2) {
    const i2 = [];
    for (let o2 = 0; o2 < 360 - this.EPSILON; o2 += t2) {
      const t3 = (o2 % 360 + 360) % 360;
      !e2 && Math.abs(t3 - 180) < this.EPSILON || i2.push(t3);
    }
    return i2;
  }
  snapOnWebMercator(t2, e2, i2, o2, n2) {
    const s2 = z(t2[0], t2[1]), r2 = z(e2[0], e2[1]), a2 = z(i2[0], i2[1]), d2 = this.projectedCandidates(s2, r2, a2, o2, n2), h2 = this.closestPoint(a2, d2);
    if (!h2) return;
    const l2 = H(h2.x, h2.y);
    return [l2.lng, l2.lat];
  }
  snapOnGlobe(t2, e2, i2, o2, n2) {
    const s2 = Wt(e2, t2) + 180, r2 = Wt(e2, i2), a2 = _(e2, i2);
    let d2, h2 = Infinity;
    for (const t3 of this.offsets(o2, n2)) {
      const o3 = s2 + t3, n3 = this.angleDifference(r2, o3), l2 = a2 * Math.cos(n3 * Math.PI / 180);
      if (l2 <= this.EPSILON) continue;
      const u2 = Pt(e2, l2, o3), c2 = _(i2, u2);
      c2 < h2 && (d2 = u2, h2 = c2);
    }
    return d2;
  }
  projectedCandidates(t2, e2, i2, o2, n2) {
    const s2 = Math.atan2(e2.y - t2.y, e2.x - t2.x), r2 = [];
    for (const t3 of this.offsets(o2, n2)) {
      const o3 = s2 + t3 * Math.PI / 180, n3 = Math.cos(o3), a2 = Math.sin(o3), d2 = (i2.x - e2.x) * n3 + (i2.y - e2.y) * a2;
      d2 <= this.EPSILON || r2.push({ x: e2.x + d2 * n3, y: e2.y + d2 * a2 });
    }
    return r2;
  }
  getClosingCandidate(t2, e2, i2, o2, n2, s2) {
    const r2 = this.toLocalPoint(e2, e2), a2 = this.toLocalPoint(t2, e2), d2 = this.toLocalPoint(i2, e2), h2 = this.toLocalPoint(o2, e2), l2 = Math.atan2(r2.y - a2.y, r2.x - a2.x), u2 = [];
    for (const t3 of this.offsets(n2, s2)) {
      const e3 = l2 + t3 * Math.PI / 180, i3 = Math.cos(e3), o3 = Math.sin(e3), s3 = d2.x - r2.x, a3 = d2.y - r2.y, c3 = s3 * i3 + a3 * o3, p2 = Math.max(0, s3 * s3 + a3 * a3 - c3 * c3), g = Math.max(this.EPSILON, (h2.x - r2.x) * i3 + (h2.y - r2.y) * o3), y2 = this.angle(r2, { x: r2.x + g * i3, y: r2.y + g * o3 }, d2);
      if (void 0 !== y2) for (const t4 of this.closingDegrees(n2, y2)) {
        const e4 = t4 * Math.PI / 180, n3 = Math.sin(e4), s4 = Math.abs(Math.cos(e4)) / Math.abs(n3) * Math.sqrt(p2);
        for (const e5 of [c3 - s4, c3 + s4]) {
          if (e5 <= this.EPSILON) continue;
          const n4 = { x: r2.x + e5 * i3, y: r2.y + e5 * o3 };
          this.hasAngle(r2, n4, d2, t4) && u2.push(n4);
        }
      }
    }
    const c2 = this.closestPoint(h2, u2);
    return c2 ? this.fromLocalPoint(c2, e2) : void 0;
  }
  closingDegrees(t2, e2) {
    const i2 = Math.ceil(180 / t2) - 1;
    if (i2 < 1) return [];
    const o2 = e2 / t2, n2 = Math.max(1, Math.min(i2, Math.floor(o2))), s2 = Math.max(1, Math.min(i2, Math.ceil(o2)));
    return [.../* @__PURE__ */ new Set([n2 * t2, s2 * t2])];
  }
  hasAngle(t2, e2, i2, o2) {
    const n2 = this.angle(t2, e2, i2);
    return void 0 !== n2 && Math.abs(n2 - o2) < 1e-6;
  }
  angle(t2, e2, i2) {
    const o2 = t2.x - e2.x, n2 = t2.y - e2.y, s2 = i2.x - e2.x, r2 = i2.y - e2.y, a2 = Math.hypot(o2, n2) * Math.hypot(s2, r2);
    if (0 === a2) return;
    const d2 = Math.max(-1, Math.min(1, (o2 * s2 + n2 * r2) / a2));
    return 180 * Math.acos(d2) / Math.PI;
  }
  toLocalPoint(t2, e2) {
    if ("web-mercator" === this.projection) return z(t2[0], t2[1]);
    const i2 = _(e2, t2), o2 = Wt(e2, t2) * Math.PI / 180;
    return { x: i2 * Math.sin(o2), y: i2 * Math.cos(o2) };
  }
  fromLocalPoint(t2, e2) {
    if ("web-mercator" === this.projection) {
      const e3 = H(t2.x, t2.y);
      return [e3.lng, e3.lat];
    }
    return Pt(e2, Math.hypot(t2.x, t2.y), 180 * Math.atan2(t2.x, t2.y) / Math.PI);
  }
  closestPoint(t2, e2) {
    return e2.reduce((e3, i2) => e3 ? this.distance(t2, i2) < this.distance(t2, e3) ? i2 : e3 : i2, void 0);
  }
  distance(t2, e2) {
    return Math.hypot(t2.x - e2.x, t2.y - e2.y);
  }
  pixelDistance(t2, e2) {
    const i2 = this.project(t2[0], t2[1]), o2 = this.project(e2[0], e2[1]);
    return this.distance(i2, o2);
  }
  angleDifference(t2, e2) {
    return (t2 - e2 + 540) % 360 - 180;
  }
}
const ae = "Feature is not a Point", de = "Feature has invalid coordinates", he = "Feature has coordinates with excessive precision";
function le(t2, e2) {
  return "Point" !== t2.geometry.type ? { valid: false, reason: ae } : $(t2.geometry.coordinates) ? X(t2.geometry.coordinates, e2) ? { valid: true } : { valid: false, reason: he } : { valid: false, reason: de };
}
const ge = { cancel: M, finish: w }, ye = { start: E, close: D, dragStart: k, dragEnd: E };
class me extends O {
  constructor(t2) {
    super(t2, true), this.mode = "polygon", this.currentCoordinate = 0, this.currentId = void 0, this.keyEvents = ge, this.cursors = ye, this.mouseMove = false, this.showCoordinatePoints = false, this.lastMouseMoveEvent = void 0, this.snapping = void 0, this.snappedPointId = void 0, this.editable = false, this.editedFeatureId = void 0, this.editedFeatureCoordinateIndex = void 0, this.editedSnapType = void 0, this.editedInsertIndex = void 0, this.editedPointId = void 0, this.coordinatePoints = void 0, this.lineSnapping = void 0, this.coordinateSnapping = void 0, this.featureSnapping = void 0, this.degreeSnapping = void 0, this.pixelDistance = void 0, this.closingPoints = void 0, this.clickBoundingBox = void 0, this.mutateFeature = void 0, this.readFeature = void 0, this.undoRedo = void 0, this.updateOptions(t2);
  }
  updateOptions(e2) {
    var i2;
    super.updateOptions(e2), v(null == e2 ? void 0 : e2.cursors) && (this.cursors = t$1({}, this.cursors, e2.cursors)), C(null == e2 ? void 0 : e2.keyEvents) ? this.keyEvents = { cancel: null, finish: null } : v(null == e2 ? void 0 : e2.keyEvents) && (this.keyEvents = t$1({}, this.keyEvents, e2.keyEvents)), v(null == e2 ? void 0 : e2.snapping) && (this.snapping = e2.snapping), f(null == e2 ? void 0 : e2.editable) && (this.editable = e2.editable), v(null == e2 ? void 0 : e2.pointerEvents) && (this.pointerEvents = e2.pointerEvents), f(null == e2 ? void 0 : e2.showCoordinatePoints) && (this.showCoordinatePoints = e2.showCoordinatePoints, null == (i2 = this.coordinatePoints) || i2.setEnabled(this.showCoordinatePoints));
  }
  close() {
    if (void 0 === this.currentId) return;
    if (this.readFeature.getCoordinates(this.currentId).length < 5) return;
    const t2 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: [{ type: dt, index: -2 }], propertyMutations: { [d.CURRENTLY_DRAWING]: void 0, [d.COMMITTED_COORDINATE_COUNT]: void 0, [d.PROVISIONAL_COORDINATE_COUNT]: void 0 }, context: { updateType: s.Finish, action: e } });
    if (!t2) return;
    this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: t2.geometry.coordinates }), "drawing" === this.state && this.setStarted(), this.editedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.editedPointId), this.editedPointId = void 0), this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0), this.closingPoints.delete();
    const i2 = this.currentId;
    this.currentCoordinate = 0, this.currentId = void 0, this.undoRedo.clear(), this.onFinish(i2, { mode: this.mode, action: e });
  }
  registerBehaviors(t2) {
    this.readFeature = new ct(t2), this.mutateFeature = new lt(t2, { validate: this.validate }), this.clickBoundingBox = new _t(t2), this.pixelDistance = new Tt(t2), this.lineSnapping = new qt(t2, this.pixelDistance, this.clickBoundingBox), this.coordinateSnapping = new Rt(t2, this.pixelDistance, this.clickBoundingBox), this.featureSnapping = new Zt(this.coordinateSnapping, this.lineSnapping), this.degreeSnapping = new te(t2), this.closingPoints = new Jt(t2, this.pixelDistance, this.mutateFeature, this.readFeature), this.coordinatePoints = new mt(t2, this.readFeature, this.mutateFeature), this.undoRedo = new Qt({ maxStackSize: t2.undoRedoMaxStackSize });
  }
  start() {
    this.setStarted(), this.setCursor(this.cursors.start);
  }
  stop() {
    this.cleanUp(), this.setStopped(), this.setCursor(N);
  }
  updateSnappedCoordinate(t2) {
    const e2 = this.snapCoordinate(t2);
    e2 ? (this.snappedPointId ? this.mutateFeature.updateGuidancePoints([{ featureId: this.snappedPointId, coordinate: e2 }]) : this.snappedPointId = this.mutateFeature.createGuidancePoint({ coordinate: e2, type: d.SNAPPING_POINT }), t2.lng = e2[0], t2.lat = e2[1]) : this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0);
  }
  undoSize() {
    return this.undoRedo.undoSize();
  }
  clearHistory() {
    this.undoRedo.clear();
  }
  pushHistorySnapshot(t2, e2) {
    const i2 = this.readFeature.getGeometry(t2);
    this.undoRedo.recordSnapshot({ featureCoordinates: i2.coordinates, currentCoordinate: e2 });
  }
  updateSnappedGuidancePointFromLastMouseMove() {
    this.snapping && this.lastMouseMoveEvent ? this.updateSnappedCoordinate(this.lastMouseMoveEvent) : this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0);
  }
  syncClosingPoints(t2) {
    this.currentCoordinate >= 3 ? this.closingPoints.ids.length ? this.closingPoints.update(t2) : this.closingPoints.create(t2) : this.closingPoints.delete();
  }
  undo() {
    if ("drawing" !== this.state || !this.currentId) return;
    const t2 = this.undoRedo.beginUndo();
    if (!t2) return;
    const { previousEntry: e2 } = t2;
    if (!e2) {
      const t3 = this.currentId;
      return this.currentId = void 0, this.currentCoordinate = 0, this.closingPoints.delete(), "drawing" === this.state && this.setStarted(), this.showCoordinatePoints && this.coordinatePoints.deletePointsByFeatureIds([t3]), this.mutateFeature.deleteFeatureIfPresent(t3), void this.updateSnappedGuidancePointFromLastMouseMove();
    }
    const i2 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: { type: ht, coordinates: e2.featureCoordinates }, propertyMutations: { [d.CURRENTLY_DRAWING]: true, [d.COMMITTED_COORDINATE_COUNT]: e2.currentCoordinate, [d.PROVISIONAL_COORDINATE_COUNT]: e2.currentCoordinate }, context: { updateType: s.Commit } });
    i2 && (this.currentCoordinate = e2.currentCoordinate, this.syncClosingPoints(i2.geometry.coordinates), this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: i2.geometry.coordinates }), this.updateSnappedGuidancePointFromLastMouseMove());
  }
  redoSize() {
    return this.undoRedo.redoSize();
  }
  redo() {
    const t2 = this.undoRedo.takeRedo();
    if (t2) {
      if (this.currentId) {
        const e2 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: { type: ht, coordinates: t2.featureCoordinates }, propertyMutations: { [d.CURRENTLY_DRAWING]: true, [d.COMMITTED_COORDINATE_COUNT]: t2.currentCoordinate, [d.PROVISIONAL_COORDINATE_COUNT]: t2.currentCoordinate }, context: { updateType: s.Commit } });
        if (!e2) return;
        this.currentCoordinate = t2.currentCoordinate, this.syncClosingPoints(e2.geometry.coordinates), this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: e2.geometry.coordinates });
      } else {
        const e2 = this.undoRedo.cloneCoordinates(t2.featureCoordinates)[0], { id: i2, geometry: o2 } = this.mutateFeature.createPolygon({ coordinates: e2, properties: { mode: this.mode, [d.CURRENTLY_DRAWING]: true, [d.COMMITTED_COORDINATE_COUNT]: t2.currentCoordinate, [d.PROVISIONAL_COORDINATE_COUNT]: t2.currentCoordinate } });
        this.currentId = i2, this.currentCoordinate = t2.currentCoordinate, "started" === this.state && this.setDrawing(), this.syncClosingPoints(o2.coordinates), this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: i2, featureCoordinates: o2.coordinates });
      }
      this.undoRedo.commitRedo(t2), this.updateSnappedGuidancePointFromLastMouseMove();
    }
  }
  onMouseMove(t2) {
    if (this.mouseMove = true, this.setCursor(this.cursors.start), this.lastMouseMoveEvent = t2, this.updateSnappedCoordinate(t2), void 0 === this.currentId || 0 === this.currentCoordinate) return;
    const e2 = this.readFeature.getCoordinate(this.currentId, 0), i2 = [t2.lng, t2.lat];
    let o2;
    if (1 === this.currentCoordinate) o2 = [{ type: at, index: 1, coordinate: i2 }, { type: at, index: 2, coordinate: [t2.lng, t2.lat] }];
    else if (2 === this.currentCoordinate) o2 = [{ type: at, index: 2, coordinate: i2 }];
    else {
      const { isClosing: n3, isPreviousClosing: s2 } = this.closingPoints.isPolygonClosingPoints(t2);
      s2 || n3 ? (this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0), this.setCursor(this.cursors.close), o2 = [{ type: at, index: -1, coordinate: e2 }, { type: at, index: -2, coordinate: e2 }]) : o2 = [{ type: at, index: -2, coordinate: i2 }, { type: at, index: -1, coordinate: e2 }];
    }
    const n2 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: o2, propertyMutations: { [d.PROVISIONAL_COORDINATE_COUNT]: this.currentCoordinate + 1 }, context: { updateType: s.Provisional } });
    n2 && this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: n2.geometry.coordinates });
  }
  snapCoordinate(t2) {
    var e2, i2, o2, n2, s2;
    let r2;
    if (null != (e2 = this.snapping) && e2.toDegree && this.currentId && (r2 = this.degreeSnapping.getSnappableCoordinate(t2, this.readFeature.getGeometry(this.currentId), this.currentCoordinate, this.snapping.toDegree)), null != (i2 = this.snapping) && i2.toLine) {
      let e3;
      e3 = this.currentId ? this.lineSnapping.getSnappableCoordinate(t2, this.currentId) : this.lineSnapping.getSnappableCoordinateFirstClick(t2), e3 && (r2 = e3);
    }
    if (null != (o2 = this.snapping) && o2.toCoordinate) {
      let e3;
      e3 = this.currentId ? this.coordinateSnapping.getSnappableCoordinate(t2, this.currentId) : this.coordinateSnapping.getSnappableCoordinateFirstClick(t2), e3 && (r2 = e3);
    }
    if (null != (n2 = this.snapping) && n2.toFeature) {
      var a2;
      const e3 = this.featureSnapping.getSnappable(t2, this.currentId, null == (a2 = this.snapping) ? void 0 : a2.toFeature.filter, { toLine: this.snapping.toFeature.toLine, toCoordinate: this.snapping.toFeature.toCoordinate });
      e3.coordinate && (r2 = e3.coordinate);
    }
    if (null != (s2 = this.snapping) && s2.toCustom) {
      const e3 = this.snapping.toCustom(t2, { currentCoordinate: this.currentCoordinate, currentId: this.currentId, getCurrentGeometrySnapshot: this.currentId ? () => this.readFeature.getGeometry(this.currentId) : () => null, project: this.project, unproject: this.unproject });
      e3 && (r2 = e3);
    }
    return r2;
  }
  polygonFilter(t2) {
    return Boolean("Polygon" === t2.geometry.type && t2.properties && t2.properties.mode === this.mode);
  }
  onRightClick(t2) {
    if (!this.editable || "started" !== this.state) return;
    const { featureId: e2, featureCoordinateIndex: o2 } = this.coordinateSnapping.getSnappable(t2, (t3) => this.polygonFilter(t3));
    if (!e2 || void 0 === o2) return;
    const n2 = this.readFeature.getGeometry(e2);
    if ("Polygon" !== n2.type) return;
    const r2 = n2.coordinates[0];
    if (r2.length <= 4) return;
    let a2;
    a2 = 0 === o2 || o2 === r2.length - 1 ? [{ type: dt, index: 0 }, { type: dt, index: -1 }, { type: rt, index: -1, coordinate: r2[1] }] : [{ type: dt, index: o2 }];
    const h2 = this.mutateFeature.updatePolygon({ featureId: e2, coordinateMutations: a2, context: { updateType: s.Finish, action: i$1 } });
    if (h2) {
      if (this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: e2, featureCoordinates: h2.geometry.coordinates }), this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0, this.snapping)) {
        const e3 = this.snapCoordinate(t2);
        if (e3) {
          const [t3] = this.mutateFeature.createGuidancePoints({ type: d.SNAPPING_POINT, coordinates: [e3] });
          this.snappedPointId = t3;
        }
      }
      this.onFinish(e2, { mode: this.mode, action: i$1 });
    }
  }
  onLeftClick(t2) {
    this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0);
    let e2 = this.snapCoordinate(t2) || [t2.lng, t2.lat];
    if (0 === this.currentCoordinate) {
      const { id: t3, geometry: i2 } = this.mutateFeature.createPolygon({ coordinates: [e2, e2, e2, e2], properties: { mode: this.mode, [d.CURRENTLY_DRAWING]: true, [d.COMMITTED_COORDINATE_COUNT]: this.currentCoordinate + 1, [d.PROVISIONAL_COORDINATE_COUNT]: this.currentCoordinate + 1 } });
      this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: t3, featureCoordinates: i2.coordinates }), this.currentId = t3, this.currentCoordinate++, this.pushHistorySnapshot(this.currentId, this.currentCoordinate), this.setDrawing();
    } else if (1 === this.currentCoordinate && this.currentId) {
      if (this.readFeature.coordinateAtIndexIsIdentical({ featureId: this.currentId, newCoordinate: e2, index: 0 })) return;
      const t3 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: [{ type: at, index: 1, coordinate: e2 }, { type: at, index: 2, coordinate: e2 }], propertyMutations: { [d.COMMITTED_COORDINATE_COUNT]: this.currentCoordinate + 1 }, context: { updateType: s.Commit } });
      if (!t3) return;
      this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: t3.geometry.coordinates }), this.currentCoordinate++, this.pushHistorySnapshot(this.currentId, this.currentCoordinate);
    } else if (2 === this.currentCoordinate && this.currentId) {
      if (this.readFeature.coordinateAtIndexIsIdentical({ featureId: this.currentId, newCoordinate: e2, index: 1 })) return;
      const t3 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: [{ type: at, index: 2, coordinate: e2 }, { type: rt, index: 2, coordinate: e2 }], propertyMutations: { [d.COMMITTED_COORDINATE_COUNT]: this.currentCoordinate + 1 }, context: { updateType: s.Commit } });
      if (!t3) return;
      this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: t3.geometry.coordinates }), 2 === this.currentCoordinate && this.closingPoints.create(t3.geometry.coordinates), this.currentCoordinate++, this.pushHistorySnapshot(this.currentId, this.currentCoordinate);
    } else if (this.currentId) {
      const { isClosing: i2, isPreviousClosing: o2 } = this.closingPoints.isPolygonClosingPoints(t2);
      if (o2 || i2) this.close();
      else {
        if (this.readFeature.coordinateAtIndexIsIdentical({ featureId: this.currentId, newCoordinate: e2, index: this.currentCoordinate - 1 })) return;
        const t3 = this.mutateFeature.updatePolygon({ featureId: this.currentId, coordinateMutations: [{ type: st, index: -1, coordinate: e2 }], propertyMutations: { [d.COMMITTED_COORDINATE_COUNT]: this.currentCoordinate + 1 }, context: { updateType: s.Commit } });
        if (!t3) return;
        this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: this.currentId, featureCoordinates: t3.geometry.coordinates }), this.currentCoordinate++, this.pushHistorySnapshot(this.currentId, this.currentCoordinate), this.closingPoints.ids.length && this.closingPoints.update(t3.geometry.coordinates);
      }
    }
  }
  onClick(t2) {
    this.currentCoordinate > 0 && !this.mouseMove && this.onMouseMove(t2), this.mouseMove = false, "right" === t2.button && this.allowPointerEvent(this.pointerEvents.rightClick, t2) || t2.isContextMenu && this.allowPointerEvent(this.pointerEvents.contextMenu, t2) ? this.onRightClick(t2) : "left" === t2.button && this.allowPointerEvent(this.pointerEvents.leftClick, t2) && this.onLeftClick(t2);
  }
  onKeyUp(t2) {
    t2.key === this.keyEvents.cancel ? this.cleanUp() : t2.key === this.keyEvents.finish && this.close();
  }
  onKeyDown() {
  }
  onDragStart(t2, e2) {
    if (!this.allowPointerEvent(this.pointerEvents.onDragStart, t2)) return;
    if (!this.editable) return;
    let i2;
    if ("started" === this.state) {
      const e3 = this.lineSnapping.getSnappable(t2, (t3) => this.polygonFilter(t3));
      e3.coordinate && (this.editedSnapType = "line", this.editedFeatureCoordinateIndex = e3.featureCoordinateIndex, this.editedFeatureId = e3.featureId, i2 = e3.coordinate);
      const o2 = this.coordinateSnapping.getSnappable(t2, (t3) => this.polygonFilter(t3));
      o2.coordinate && (this.editedSnapType = "coordinate", this.editedFeatureCoordinateIndex = o2.featureCoordinateIndex, this.editedFeatureId = o2.featureId, i2 = o2.coordinate);
    }
    this.editedFeatureId && i2 && (this.editedPointId || (this.editedPointId = this.mutateFeature.createGuidancePoint({ coordinate: i2, type: d.EDITED })), this.setCursor(this.cursors.dragStart), e2(false));
  }
  onDrag(t2, e2) {
    if (!this.allowPointerEvent(this.pointerEvents.onDrag, t2)) return;
    if (void 0 === this.editedFeatureId || void 0 === this.editedFeatureCoordinateIndex) return;
    const i2 = this.readFeature.getGeometry(this.editedFeatureId), o2 = [t2.lng, t2.lat];
    let n2 = [];
    if ("coordinate" === this.editedSnapType || "line" === this.editedSnapType && void 0 !== this.editedInsertIndex ? n2 = 0 === this.editedFeatureCoordinateIndex || this.editedFeatureCoordinateIndex === i2.coordinates[0].length - 1 ? [{ type: at, index: 0, coordinate: o2 }, { type: at, index: -1, coordinate: o2 }] : [{ type: at, index: this.editedFeatureCoordinateIndex, coordinate: o2 }] : "line" === this.editedSnapType && void 0 === this.editedInsertIndex && (this.editedInsertIndex = this.editedFeatureCoordinateIndex + 1, n2 = [{ type: st, index: this.editedInsertIndex, coordinate: o2 }], this.editedFeatureCoordinateIndex++), 0 === n2.length) return;
    const r2 = this.mutateFeature.updatePolygon({ featureId: this.editedFeatureId, coordinateMutations: n2, propertyMutations: { [d.EDITED]: true }, context: { updateType: s.Provisional } });
    r2 && (this.showCoordinatePoints && (this.editedInsertIndex ? this.coordinatePoints.createOrUpdate({ featureId: this.editedFeatureId, featureCoordinates: r2.geometry.coordinates }) : this.coordinatePoints.updateOneAtIndex(this.editedFeatureId, this.editedFeatureCoordinateIndex, r2.geometry.coordinates[0][this.editedFeatureCoordinateIndex])), this.snapping && this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0), this.editedPointId && this.mutateFeature.updateGuidancePoints([{ featureId: this.editedPointId, coordinate: o2 }]));
  }
  onDragEnd(t2, e2) {
    if (!this.allowPointerEvent(this.pointerEvents.onDragEnd, t2)) return;
    if (void 0 === this.editedFeatureId) return;
    if (this.setCursor(this.cursors.dragEnd), !this.mutateFeature.updatePolygon({ featureId: this.editedFeatureId, propertyMutations: { [d.EDITED]: false }, context: { updateType: s.Finish, action: i$1 } })) return;
    const o2 = this.editedFeatureId;
    this.editedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.editedPointId), this.editedPointId = void 0), this.snappedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.snappedPointId), this.snappedPointId = void 0), this.editedFeatureId = void 0, this.editedFeatureCoordinateIndex = void 0, this.editedInsertIndex = void 0, this.editedSnapType = void 0, e2(true), this.onFinish(o2, { mode: this.mode, action: i$1 });
  }
  cleanUp() {
    const t2 = this.currentId, e2 = this.snappedPointId, i2 = this.editedPointId;
    this.currentId = void 0, this.snappedPointId = void 0, this.editedPointId = void 0, this.editedFeatureId = void 0, this.editedFeatureCoordinateIndex = void 0, this.editedInsertIndex = void 0, this.editedSnapType = void 0, this.currentCoordinate = 0, this.undoRedo.clear(), "drawing" === this.state && this.setStarted(), t2 && this.coordinatePoints.deletePointsByFeatureIds([t2]), this.mutateFeature.deleteFeatureIfPresent(t2), this.mutateFeature.deleteFeatureIfPresent(i2), this.mutateFeature.deleteFeatureIfPresent(e2), this.closingPoints.ids.length && this.closingPoints.delete();
  }
  styleFeature(e2) {
    const i2 = t$1({}, { polygonFillColor: "#3f97e0", polygonOutlineColor: "#3f97e0", polygonOutlineWidth: 4, polygonOutlineOpacity: 1, polygonFillOpacity: 0.3, pointColor: "#3f97e0", pointOpacity: 1, pointOutlineColor: "#ffffff", pointOutlineOpacity: 1, pointOutlineWidth: 0, pointWidth: 6, lineStringColor: "#3f97e0", lineStringWidth: 4, lineStringOpacity: 1, zIndex: 0, markerUrl: void 0, markerHeight: void 0, markerWidth: void 0, lineStringDash: void 0 });
    if (e2.properties.mode === this.mode) {
      if ("Polygon" === e2.geometry.type) return i2.polygonFillColor = this.getHexColorStylingValue(this.styles.fillColor, i2.polygonFillColor, e2), i2.polygonOutlineColor = this.getHexColorStylingValue(this.styles.outlineColor, i2.polygonOutlineColor, e2), i2.polygonOutlineWidth = this.getNumericStylingValue(this.styles.outlineWidth, i2.polygonOutlineWidth, e2), i2.polygonFillOpacity = this.getNumericStylingValue(this.styles.fillOpacity, i2.polygonFillOpacity, e2), i2.polygonOutlineOpacity = this.getNumericStylingValue(this.styles.outlineOpacity, 1, e2), i2.zIndex = h, i2;
      if ("Point" === e2.geometry.type) {
        const t2 = e2.properties[d.EDITED], o2 = e2.properties[d.COORDINATE_POINT], n2 = t2 ? "editedPoint" : e2.properties[d.CLOSING_POINT] ? "closingPoint" : e2.properties[d.SNAPPING_POINT] ? "snappingPoint" : o2 ? "coordinatePoint" : void 0;
        if (!n2) return i2;
        const s2 = { editedPoint: { width: this.styles.editedPointOutlineWidth, color: this.styles.editedPointColor, opacity: this.styles.editedPointOpacity, outlineColor: this.styles.editedPointOutlineColor, outlineWidth: this.styles.editedPointOutlineWidth, outlineOpacity: this.styles.editedPointOutlineOpacity }, closingPoint: { width: this.styles.closingPointWidth, color: this.styles.closingPointColor, opacity: this.styles.closingPointOpacity, outlineColor: this.styles.closingPointOutlineColor, outlineWidth: this.styles.closingPointOutlineWidth, outlineOpacity: this.styles.closingPointOutlineOpacity }, snappingPoint: { width: this.styles.snappingPointWidth, color: this.styles.snappingPointColor, opacity: this.styles.snappingPointOpacity, outlineColor: this.styles.snappingPointOutlineColor, outlineWidth: this.styles.snappingPointOutlineWidth, outlineOpacity: this.styles.snappingPointOutlineOpacity }, coordinatePoint: { width: this.styles.coordinatePointWidth, color: this.styles.coordinatePointColor, opacity: this.styles.coordinatePointOpacity, outlineColor: this.styles.coordinatePointOutlineColor, outlineWidth: this.styles.coordinatePointOutlineWidth, outlineOpacity: this.styles.coordinatePointOutlineOpacity } };
        return i2.pointWidth = this.getNumericStylingValue(s2[n2].width, i2.pointWidth, e2), i2.pointOpacity = this.getNumericStylingValue(s2[n2].opacity, 1, e2), i2.pointColor = this.getHexColorStylingValue(s2[n2].color, i2.pointColor, e2), i2.pointOutlineColor = this.getHexColorStylingValue(s2[n2].outlineColor, i2.pointOutlineColor, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(s2[n2].outlineOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(s2[n2].outlineWidth, 2, e2), i2.zIndex = t2 ? 40 : o2 ? l : 30, i2;
      }
    }
    return i2;
  }
  afterFeatureAdded(t2) {
    this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates });
  }
  afterFeatureUpdated(t2) {
    this.showCoordinatePoints && this.coordinatePoints.createOrUpdate({ featureId: t2.id, featureCoordinates: t2.geometry.coordinates }), this.editedFeatureId === t2.id && this.editedPointId && (this.mutateFeature.deleteFeatureIfPresent(this.editedPointId), this.editedPointId = void 0, this.editedFeatureId = void 0, this.editedFeatureCoordinateIndex = void 0, this.editedSnapType = void 0), this.snappedPointId && this.lastMouseMoveEvent && this.updateSnappedCoordinate(this.lastMouseMoveEvent), this.currentId === t2.id && (this.currentCoordinate = 0, this.currentId = void 0, this.undoRedo.clear(), this.closingPoints.delete(), "drawing" === this.state && this.setStarted());
  }
  validateFeature(t2) {
    return this.validateModeFeature(t2, (t3) => et(t3, this.coordinatePrecision));
  }
}
class Pe extends O {
  constructor(t2) {
    if (!t2.modeName) throw new Error("Mode name is required for TerraDrawRenderMode");
    super(t2, true), this.type = S.Render, this.mode = "render", this.updateOptions(t2);
  }
  updateOptions(t2) {
    super.updateOptions(t2);
  }
  registerBehaviors(t2) {
    this.mode = t2.mode;
  }
  start() {
    this.setStarted();
  }
  stop() {
    this.setStopped();
  }
  onKeyUp() {
  }
  onKeyDown() {
  }
  onClick() {
  }
  onDragStart() {
  }
  onDrag() {
  }
  onDragEnd() {
  }
  onMouseMove() {
  }
  cleanUp() {
  }
  styleFeature(t2) {
    return { pointColor: this.getHexColorStylingValue(this.styles.pointColor, "#3f97e0", t2), pointWidth: this.getNumericStylingValue(this.styles.pointWidth, 6, t2), pointOpacity: this.getNumericStylingValue(this.styles.pointOpacity, 1, t2), pointOutlineColor: this.getHexColorStylingValue(this.styles.pointOutlineColor, "#ffffff", t2), pointOutlineWidth: this.getNumericStylingValue(this.styles.pointOutlineWidth, 0, t2), pointOutlineOpacity: this.getNumericStylingValue(this.styles.pointOutlineOpacity, 1, t2), polygonFillColor: this.getHexColorStylingValue(this.styles.polygonFillColor, "#3f97e0", t2), polygonFillOpacity: this.getNumericStylingValue(this.styles.polygonFillOpacity, 0.3, t2), polygonOutlineColor: this.getHexColorStylingValue(this.styles.polygonOutlineColor, "#3f97e0", t2), polygonOutlineWidth: this.getNumericStylingValue(this.styles.polygonOutlineWidth, 4, t2), lineStringWidth: this.getNumericStylingValue(this.styles.lineStringWidth, 4, t2), lineStringColor: this.getHexColorStylingValue(this.styles.lineStringColor, "#3f97e0", t2), lineStringOpacity: this.getNumericStylingValue(this.styles.lineStringOpacity, 1, t2), zIndex: this.getNumericStylingValue(this.styles.zIndex, 0, t2), lineStringDash: void 0 };
  }
  validateFeature(t2) {
    const e2 = super.validateFeature(t2);
    if (e2.valid) {
      const e3 = t2, i2 = le(e3, this.coordinatePrecision).valid || et(e3, this.coordinatePrecision).valid || Ht(e3, this.coordinatePrecision).valid;
      return i2 ? { valid: true } : { valid: i2, reason: "Feature is not a valid Point, Polygon or LineString feature" };
    }
    return e2;
  }
}
function Ie(t2, e2) {
  const i2 = t2, o2 = e2, n2 = R(i2[1]), s2 = R(o2[1]);
  let r2 = R(o2[0] - i2[0]);
  r2 > Math.PI && (r2 -= 2 * Math.PI), r2 < -Math.PI && (r2 += 2 * Math.PI);
  const a2 = Math.log(Math.tan(s2 / 2 + Math.PI / 4) / Math.tan(n2 / 2 + Math.PI / 4)), d2 = (U(Math.atan2(r2, a2)) + 360) % 360;
  return d2 > 180 ? -(360 - d2) : d2;
}
function Se(t2, e2, i2) {
  let o2 = e2;
  e2 < 0 && (o2 = -Math.abs(o2));
  const n2 = o2 / T, s2 = t2[0] * Math.PI / 180, r2 = R(t2[1]), a2 = R(i2), d2 = n2 * Math.cos(a2);
  let h2 = r2 + d2;
  Math.abs(h2) > Math.PI / 2 && (h2 = h2 > 0 ? Math.PI - h2 : -Math.PI - h2);
  const l2 = Math.log(Math.tan(h2 / 2 + Math.PI / 4) / Math.tan(r2 / 2 + Math.PI / 4)), u2 = Math.abs(l2) > 1e-11 ? d2 / l2 : Math.cos(r2), c2 = [(180 * (s2 + n2 * Math.sin(a2) / u2) / Math.PI + 540) % 360 - 180, 180 * h2 / Math.PI];
  return c2[0] += c2[0] - t2[0] > 180 ? -360 : t2[0] - c2[0] > 180 ? 360 : 0, c2;
}
function Fe(t2, e2, i2, o2, n2) {
  const s2 = o2(t2[0], t2[1]), r2 = o2(e2[0], e2[1]), { lng: a2, lat: d2 } = n2((s2.x + r2.x) / 2, (s2.y + r2.y) / 2);
  return [L(a2, i2), L(d2, i2)];
}
function Oe(t2, e2, i2) {
  const o2 = Se(t2, 1e3 * _(t2, e2) / 2, Ie(t2, e2));
  return [L(o2[0], i2), L(o2[1], i2)];
}
function xe({ featureCoords: t2, precision: e2, unproject: i2, project: o2, projection: n2 }) {
  const s2 = [];
  for (let r2 = 0; r2 < t2.length - 1; r2++) {
    let a2;
    if ("web-mercator" === n2) a2 = Fe(t2[r2], t2[r2 + 1], e2, o2, i2);
    else {
      if ("globe" !== n2) throw new Error("Invalid projection");
      a2 = Oe(t2[r2], t2[r2 + 1], e2);
    }
    s2.push(a2);
  }
  return s2;
}
class we extends ot {
  constructor(t2, e2, i2, o2, n2, s2) {
    super(t2), this.config = void 0, this.selectionPointBehavior = void 0, this.coordinatePointBehavior = void 0, this.mutateFeature = void 0, this.readFeature = void 0, this.pixelDistance = void 0, this._midPoints = [], this.config = t2, this.selectionPointBehavior = e2, this.coordinatePointBehavior = i2, this.mutateFeature = o2, this.readFeature = n2, this.pixelDistance = s2;
  }
  getMidpointConfig(t2) {
    return { featureCoords: t2, precision: this.coordinatePrecision, project: this.config.project, unproject: this.config.unproject, projection: this.config.projection };
  }
  get ids() {
    return this._midPoints.concat();
  }
  set ids(t2) {
  }
  getNearestMidPoint(t2) {
    let e2, i2 = Infinity;
    return this.ids.forEach((o2) => {
      const n2 = this.readFeature.getGeometry(o2), s2 = this.pixelDistance.measure(t2, n2.coordinates);
      s2 < this.pointerDistance && s2 < i2 && (i2 = s2, e2 = o2);
    }), e2;
  }
  insert({ featureId: t2, midPointId: e2 }) {
    const i2 = this.readFeature.getGeometry(e2), { midPointFeatureId: o2, midPointSegment: n2 } = this.readFeature.getProperties(e2), r2 = this.readFeature.getGeometry(o2), a2 = { featureId: o2, coordinateMutations: [{ type: rt, index: n2, coordinate: i2.coordinates }], context: { updateType: s.Commit } };
    let h2 = null;
    if ("Polygon" === r2.type) h2 = this.mutateFeature.updatePolygon(a2);
    else {
      if ("LineString" !== r2.type) throw new Error("Midpoints can only be added to polygons or linestrings");
      h2 = this.mutateFeature.updateLineString(a2);
    }
    if (!h2) throw new Error("Failed to insert midpoint coordinate");
    const l2 = h2.geometry.coordinates;
    this.readFeature.getProperties(t2)[d.COORDINATE_POINT_IDS] && this.coordinatePointBehavior.createOrUpdate({ featureId: t2, featureCoordinates: l2 }), this.mutateFeature.deleteFeaturesIfPresent([...this.selectionPointBehavior.ids, ...this._midPoints]), this.create({ featureCoordinates: l2, featureId: o2 }), this.selectionPointBehavior.create({ featureCoordinates: l2, featureId: t2 });
  }
  create({ featureCoordinates: t2, featureId: e2 }) {
    if (!this.readFeature.hasFeature(e2)) throw new Error("Store does not have feature with this id");
    const i2 = yt(t2), o2 = xe(this.getMidpointConfig(i2));
    this._midPoints = this.mutateFeature.createGuidancePoints({ additionalProperties: (t3) => ({ mode: this.mode, midPointSegment: t3, midPointFeatureId: e2, [a.MID_POINT]: true }), coordinates: o2, type: a.MID_POINT });
  }
  delete() {
    this._midPoints.length && (this.mutateFeature.deleteFeaturesIfPresent(this._midPoints), this._midPoints = []);
  }
  updateAllInPlace({ featureCoordinates: t2 }) {
    if (0 === this._midPoints.length) return;
    const e2 = yt(t2), i2 = xe(this.getMidpointConfig(e2));
    this.mutateFeature.updateGuidancePoints(this._midPoints.map((t3, e3) => ({ featureId: t3, coordinate: i2[e3] })));
  }
  updateOneAtIndex(t2, e2) {
    if (t2 < 0 && (t2 = this._midPoints.length + t2), void 0 === this._midPoints[t2]) return;
    const i2 = yt(e2), o2 = xe(this.getMidpointConfig(i2));
    this.mutateFeature.updateGuidancePoints([{ featureId: this._midPoints[t2], coordinate: o2[t2] }]);
  }
}
class Me extends ot {
  constructor(t2, e2) {
    super(t2), this.mutateFeature = void 0, this._selectionPoints = [], this.mutateFeature = e2;
  }
  get ids() {
    return this._selectionPoints.concat();
  }
  set ids(t2) {
  }
  create({ featureId: t2, featureCoordinates: e2 }) {
    const i2 = gt(e2);
    this._selectionPoints = this.mutateFeature.createGuidancePoints({ coordinates: i2, type: a.SELECTION_POINT, additionalProperties: (e3) => ({ [a.SELECTION_POINT_FEATURE_ID]: t2, index: e3 }) });
  }
  delete() {
    this.ids.length && (this.mutateFeature.deleteFeaturesIfPresent(this.ids), this._selectionPoints = []);
  }
  updateAllInPlace({ featureCoordinates: t2 }) {
    if (0 === this._selectionPoints.length) return;
    const e2 = gt(t2);
    e2.length === this._selectionPoints.length && this.mutateFeature.updateGuidancePoints(this._selectionPoints.map((t3, i2) => ({ featureId: t3, coordinate: e2[i2] })));
  }
  updateOneAtIndex(t2, e2) {
    void 0 !== this._selectionPoints[t2] && this.mutateFeature.updateGuidancePoints([{ featureId: this._selectionPoints[t2], coordinate: e2 }]);
  }
}
function Ee(t2, e2) {
  let i2 = false;
  for (let r2 = 0, a2 = e2.length; r2 < a2; r2++) {
    const a3 = e2[r2];
    for (let e3 = 0, r3 = a3.length, d2 = r3 - 1; e3 < r3; d2 = e3++) (n2 = a3[e3])[1] > (o2 = t2)[1] != (s2 = a3[d2])[1] > o2[1] && o2[0] < (s2[0] - n2[0]) * (o2[1] - n2[1]) / (s2[1] - n2[1]) + n2[0] && (i2 = !i2);
  }
  var o2, n2, s2;
  return i2;
}
const De = (t2, e2, i2) => {
  const o2 = (t3) => t3 * t3, n2 = (t3, e3) => o2(t3.x - e3.x) + o2(t3.y - e3.y);
  return Math.sqrt(((t3, e3, i3) => {
    const o3 = n2(e3, i3);
    if (0 === o3) return n2(t3, e3);
    let s2 = ((t3.x - e3.x) * (i3.x - e3.x) + (t3.y - e3.y) * (i3.y - e3.y)) / o3;
    return s2 = Math.max(0, Math.min(1, s2)), n2(t3, { x: e3.x + s2 * (i3.x - e3.x), y: e3.y + s2 * (i3.y - e3.y) });
  })(t2, e2, i2));
};
class ke extends ot {
  constructor(t2, e2, i2) {
    super(t2), this.config = void 0, this.createClickBoundingBox = void 0, this.pixelDistance = void 0, this.config = t2, this.createClickBoundingBox = e2, this.pixelDistance = i2;
  }
  find(t2, e2) {
    let i2, o2, n2, s2 = Infinity, r2 = Infinity;
    const d2 = this.createClickBoundingBox.create(t2), h2 = this.store.search(d2);
    for (let d3 = 0; d3 < h2.length; d3++) {
      const l2 = h2[d3], u2 = l2.geometry;
      if ("Point" === u2.type) {
        if (l2.properties.selectionPoint || l2.properties.coordinatePoint || !e2 && l2.properties[a.MID_POINT]) continue;
        const o3 = this.pixelDistance.measure(t2, u2.coordinates);
        !l2.properties[a.MID_POINT] && o3 < this.pointerDistance && o3 < s2 && (s2 = o3, i2 = l2);
      } else if ("LineString" === u2.type) {
        if (i2) continue;
        for (let e3 = 0; e3 < u2.coordinates.length - 1; e3++) {
          const i3 = u2.coordinates[e3], n3 = u2.coordinates[e3 + 1], s3 = De({ x: t2.containerX, y: t2.containerY }, this.project(i3[0], i3[1]), this.project(n3[0], n3[1]));
          s3 < this.pointerDistance && s3 < r2 && (r2 = s3, o2 = l2);
        }
      } else if ("Polygon" === u2.type) {
        if (i2 || o2) continue;
        Ee([t2.lng, t2.lat], u2.coordinates) && (n2 = l2);
      }
    }
    return { clickedFeature: i2 || o2 || n2 };
  }
}
class be extends ot {
  constructor(t2, e2, i2, o2, n2, s2, r2) {
    super(t2), this.config = void 0, this.featuresAtCursorEvent = void 0, this.selectionPoints = void 0, this.midPoints = void 0, this.coordinatePoints = void 0, this.readFeature = void 0, this.mutateFeature = void 0, this.draggedFeatureId = null, this.dragPosition = void 0, this.config = t2, this.featuresAtCursorEvent = e2, this.selectionPoints = i2, this.midPoints = o2, this.coordinatePoints = n2, this.readFeature = s2, this.mutateFeature = r2;
  }
  startDragging(t2, e2) {
    this.draggedFeatureId = e2, this.dragPosition = [t2.lng, t2.lat];
  }
  stopDragging() {
    this.draggedFeatureId = null, this.dragPosition = void 0;
  }
  isDragging() {
    return null !== this.draggedFeatureId;
  }
  canDrag(t2, e2) {
    const { clickedFeature: i2 } = this.featuresAtCursorEvent.find(t2, true);
    return !(!i2 || i2.id !== e2);
  }
  drag(t2) {
    if (!this.draggedFeatureId) return;
    if (false === this.readFeature.hasFeature(this.draggedFeatureId)) return this.stopDragging(), false;
    const e2 = this.readFeature.getGeometry(this.draggedFeatureId), i2 = [t2.lng, t2.lat];
    if ("Polygon" === e2.type || "LineString" === e2.type) {
      let o2, n2;
      if ("Polygon" === e2.type ? (o2 = e2.coordinates[0], n2 = o2.length - 1) : (o2 = e2.coordinates, n2 = o2.length), !this.dragPosition) return false;
      for (let t3 = 0; t3 < n2; t3++) {
        const e3 = o2[t3];
        let n3, s2;
        if ("web-mercator" === this.config.projection) {
          const t4 = z(this.dragPosition[0], this.dragPosition[1]), o3 = z(i2[0], i2[1]), r3 = z(e3[0], e3[1]), a3 = { x: t4.x - o3.x, y: t4.y - o3.y }, d3 = r3.x - a3.x, h2 = r3.y - a3.y, { lng: l2, lat: u2 } = H(d3, h2);
          n3 = l2, s2 = u2;
        } else {
          const t4 = [this.dragPosition[0] - i2[0], this.dragPosition[1] - i2[1]];
          n3 = e3[0] - t4[0], s2 = e3[1] - t4[1];
        }
        if (n3 = L(n3, this.config.coordinatePrecision), s2 = L(s2, this.config.coordinatePrecision), n3 > 180 || n3 < -180 || s2 > 90 || s2 < -90) return false;
        o2[t3] = [n3, s2];
      }
      "Polygon" === e2.type && (o2[o2.length - 1] = [o2[0][0], o2[0][1]]);
      const r2 = this.draggedFeatureId;
      let a2 = null;
      if ("Polygon" === e2.type) a2 = this.mutateFeature.updatePolygon({ featureId: r2, coordinateMutations: { type: ht, coordinates: [o2] }, context: { updateType: s.Provisional } });
      else {
        if ("LineString" !== e2.type) return;
        a2 = this.mutateFeature.updateLineString({ featureId: r2, coordinateMutations: { type: ht, coordinates: o2 }, context: { updateType: s.Provisional } });
      }
      if (!a2) return false;
      const d2 = a2.geometry.coordinates;
      this.midPoints.updateAllInPlace({ featureCoordinates: d2 }), this.selectionPoints.updateAllInPlace({ featureCoordinates: d2 }), this.coordinatePoints.updateAllInPlace({ featureId: r2, featureCoordinates: d2 }), this.dragPosition = [t2.lng, t2.lat];
    } else "Point" === e2.type && (this.mutateFeature.updatePoint({ featureId: this.draggedFeatureId, coordinateMutations: { type: ht, coordinates: i2 }, context: { updateType: s.Provisional } }), this.dragPosition = [t2.lng, t2.lat]);
  }
}
class Ne extends ot {
  constructor(t2, e2, i2, o2, n2, s2, r2, a2, d2) {
    super(t2), this.config = void 0, this.pixelDistance = void 0, this.selectionPoints = void 0, this.midPoints = void 0, this.coordinatePoints = void 0, this.coordinateSnapping = void 0, this.lineSnapping = void 0, this.readFeature = void 0, this.mutateFeature = void 0, this.featureSnapping = void 0, this.draggedCoordinate = { id: null, index: -1 }, this.config = t2, this.pixelDistance = e2, this.selectionPoints = i2, this.midPoints = o2, this.coordinatePoints = n2, this.coordinateSnapping = s2, this.lineSnapping = r2, this.readFeature = a2, this.mutateFeature = d2, this.featureSnapping = new Zt(this.coordinateSnapping, this.lineSnapping);
  }
  getClosestCoordinate(t2, e2) {
    const i2 = { dist: Infinity, index: -1, isFirstOrLastPolygonCoord: false };
    let o2;
    if ("LineString" === e2.type) o2 = e2.coordinates;
    else {
      if ("Polygon" !== e2.type) return i2;
      o2 = e2.coordinates[0];
    }
    for (let n2 = 0; n2 < o2.length; n2++) {
      const s2 = this.pixelDistance.measure(t2, o2[n2]);
      if (s2 < this.pointerDistance && s2 < i2.dist) {
        const t3 = "Polygon" === e2.type && (n2 === o2.length - 1 || 0 === n2);
        i2.dist = s2, i2.index = t3 ? 0 : n2, i2.isFirstOrLastPolygonCoord = t3;
      }
    }
    return i2;
  }
  getDraggable(t2, e2) {
    const i2 = this.readFeature.getGeometry(e2);
    return this.getClosestCoordinate(t2, i2);
  }
  getDraggableIndex(t2, e2) {
    const i2 = this.readFeature.getGeometry(e2), o2 = this.getClosestCoordinate(t2, i2);
    return -1 === o2.index ? -1 : o2.index;
  }
  snapCoordinate(t2, e2, i2) {
    let o2 = [t2.lng, t2.lat];
    const n2 = (t3) => Boolean(t3.properties && t3.properties.mode === i2.properties.mode && t3.id !== this.draggedCoordinate.id);
    if (null != e2 && e2.toLine) {
      let e3;
      e3 = this.lineSnapping.getSnappable(t2, n2).coordinate, e3 && (o2 = e3);
    }
    if (e2.toCoordinate) {
      let e3;
      e3 = this.coordinateSnapping.getSnappable(t2, n2).coordinate, e3 && (o2 = e3);
    }
    if (null != e2 && e2.toFeature) {
      const n3 = this.featureSnapping.getSnappable(t2, i2.id, e2.toFeature.filter, { toLine: e2.toFeature.toLine, toCoordinate: e2.toFeature.toCoordinate });
      n3.coordinate && (o2 = n3.coordinate);
    }
    if (null != e2 && e2.toCustom) {
      let n3;
      n3 = e2.toCustom(t2, { currentCoordinate: this.draggedCoordinate.index, currentId: i2.id, getCurrentGeometrySnapshot: i2.id ? () => this.readFeature.getGeometry(i2.id) : () => null, project: this.project, unproject: this.unproject }), n3 && (o2 = n3);
    }
    return o2;
  }
  drag(t2, e2, i2) {
    const o2 = this.draggedCoordinate.id;
    if (null === o2) return false;
    if (false === this.readFeature.hasFeature(o2)) return this.stopDragging(), false;
    const n2 = this.draggedCoordinate.index, r2 = this.readFeature.getGeometry(o2), a2 = this.readFeature.getProperties(o2), d2 = "LineString" === r2.type ? r2.coordinates : r2.coordinates[0], h2 = "Polygon" === r2.type && (n2 === d2.length - 1 || 0 === n2), l2 = this.snapCoordinate(t2, i2, { type: "Feature", id: o2, geometry: r2, properties: a2 });
    if (t2.lng > 180 || t2.lng < -180 || t2.lat > 90 || t2.lat < -90) return false;
    if (h2) {
      const t3 = d2.length - 1;
      d2[0] = l2, d2[t3] = l2;
    } else d2[n2] = l2;
    if ("Point" !== r2.type && !e2 && K({ geometry: r2 })) return false;
    const u2 = o2;
    let c2 = null;
    return "Polygon" === r2.type ? c2 = this.mutateFeature.updatePolygon({ featureId: u2, coordinateMutations: { type: ht, coordinates: [d2] }, context: { updateType: s.Provisional } }) : "LineString" === r2.type && (c2 = this.mutateFeature.updateLineString({ featureId: u2, coordinateMutations: { type: ht, coordinates: d2 }, context: { updateType: s.Provisional } })), !!c2 && (this.midPoints.updateOneAtIndex(n2 > 0 ? n2 - 1 : -1, d2), this.midPoints.updateOneAtIndex(n2, d2), this.selectionPoints.updateOneAtIndex(n2, l2), this.coordinatePoints.updateOneAtIndex(u2, n2, l2), true);
  }
  isDragging() {
    return null !== this.draggedCoordinate.id;
  }
  startDragging(t2, e2) {
    this.draggedCoordinate = { id: t2, index: e2 };
  }
  stopDragging() {
    this.draggedCoordinate = { id: null, index: -1 };
  }
}
function _e(t2) {
  let e2 = 0, i2 = 0, o2 = 0;
  return ("Polygon" === t2.geometry.type ? t2.geometry.coordinates[0].slice(0, -1) : t2.geometry.coordinates).forEach((t3) => {
    e2 += t3[0], i2 += t3[1], o2++;
  }, true), [e2 / o2, i2 / o2];
}
const Te = (t2, e2) => {
  if (0 === e2 || 360 === e2 || -360 === e2) return t2;
  const i2 = 0.017453292519943295 * e2, o2 = ("Polygon" === t2.geometry.type ? t2.geometry.coordinates[0] : t2.geometry.coordinates).map(([t3, e3]) => z(t3, e3)), n2 = o2.reduce((t3, e3) => ({ x: t3.x + e3.x, y: t3.y + e3.y }), { x: 0, y: 0 });
  n2.x /= o2.length, n2.y /= o2.length;
  const s2 = o2.map((t3) => ({ x: n2.x + (t3.x - n2.x) * Math.cos(i2) - (t3.y - n2.y) * Math.sin(i2), y: n2.y + (t3.x - n2.x) * Math.sin(i2) + (t3.y - n2.y) * Math.cos(i2) })).map(({ x: t3, y: e3 }) => [H(t3, e3).lng, H(t3, e3).lat]);
  return "Polygon" === t2.geometry.type ? t2.geometry.coordinates[0] = s2 : t2.geometry.coordinates = s2, t2;
};
function Re(t2) {
  const e2 = ("Polygon" === t2.geometry.type ? t2.geometry.coordinates[0] : t2.geometry.coordinates).map((t3) => {
    const { x: e3, y: i2 } = z(t3[0], t3[1]);
    return [e3, i2];
  });
  return "Polygon" === t2.geometry.type ? function(t3) {
    let e3 = 0, i2 = 0, o2 = 0;
    const n2 = t3.length;
    for (let s2 = 0; s2 < n2 - 1; s2++) {
      const [n3, r2] = t3[s2], [a2, d2] = t3[s2 + 1], h2 = n3 * d2 - a2 * r2;
      e3 += h2, i2 += (n3 + a2) * h2, o2 += (r2 + d2) * h2;
    }
    return e3 /= 2, i2 /= 6 * e3, o2 /= 6 * e3, { x: i2, y: o2 };
  }(e2) : function(t3) {
    const e3 = t3.length;
    let i2 = 0, o2 = 0;
    for (let n2 = 0; n2 < e3; n2++) {
      const [e4, s2] = t3[n2];
      i2 += e4, o2 += s2;
    }
    return { x: i2 / e3, y: o2 / e3 };
  }(e2);
}
class We extends ot {
  constructor(t2, e2, i2, o2, n2, s2) {
    super(t2), this.config = void 0, this.selectionPoints = void 0, this.midPoints = void 0, this.coordinatePoints = void 0, this.readFeature = void 0, this.mutateFeature = void 0, this.lastBearing = void 0, this.selectedGeometry = void 0, this.selectedGeometryCentroid = void 0, this.selectedGeometryWebMercatorCentroid = void 0, this.config = t2, this.selectionPoints = e2, this.midPoints = i2, this.coordinatePoints = o2, this.readFeature = n2, this.mutateFeature = s2;
  }
  reset() {
    this.lastBearing = void 0, this.selectedGeometry = void 0, this.selectedGeometryWebMercatorCentroid = void 0, this.selectedGeometryCentroid = void 0;
  }
  rotate(t2, e2) {
    this.selectedGeometry || (this.selectedGeometry = this.readFeature.getGeometry(e2));
    const i2 = this.selectedGeometry;
    if ("Polygon" !== i2.type && "LineString" !== i2.type) return;
    const o2 = [t2.lng, t2.lat];
    let n2;
    const r2 = { type: "Feature", geometry: i2, properties: {} };
    if ("web-mercator" === this.config.projection) {
      this.selectedGeometryWebMercatorCentroid || (this.selectedGeometryWebMercatorCentroid = Re(r2));
      const e3 = z(t2.lng, t2.lat);
      if (n2 = Ut(this.selectedGeometryWebMercatorCentroid, e3), 0 === n2) return;
      if (!this.lastBearing) return void (this.lastBearing = n2);
      Te(r2, -(this.lastBearing - n2));
    } else {
      if ("globe" !== this.config.projection) throw new Error("Unsupported projection");
      if (this.selectedGeometryCentroid || (this.selectedGeometryCentroid = _e({ geometry: i2 })), n2 = Ie(this.selectedGeometryCentroid, o2), !this.lastBearing) return void (this.lastBearing = n2 + 180);
      !function(t3, e3) {
        if (0 === e3 || 360 === e3 || -360 === e3) return t3;
        const i3 = _e(t3);
        ("Polygon" === t3.geometry.type ? t3.geometry.coordinates[0] : t3.geometry.coordinates).forEach((t4) => {
          const o3 = Ie(i3, t4) + e3, n3 = function(t5, e4) {
            t5[0] += t5[0] - e4[0] > 180 ? -360 : e4[0] - t5[0] > 180 ? 360 : 0;
            const i4 = T, o4 = e4[1] * Math.PI / 180, n4 = t5[1] * Math.PI / 180, s3 = n4 - o4;
            let r3 = Math.abs(t5[0] - e4[0]) * Math.PI / 180;
            r3 > Math.PI && (r3 -= 2 * Math.PI);
            const a3 = Math.log(Math.tan(n4 / 2 + Math.PI / 4) / Math.tan(o4 / 2 + Math.PI / 4)), d3 = Math.abs(a3) > 1e-11 ? s3 / a3 : Math.cos(o4);
            return Math.sqrt(s3 * s3 + d3 * d3 * r3 * r3) * i4;
          }(i3, t4), s2 = Se(i3, n3, o3);
          t4[0] = s2[0], t4[1] = s2[1];
        });
      }(r2, -(this.lastBearing - (n2 + 180)));
    }
    const a2 = "Polygon" === i2.type ? i2.coordinates[0] : i2.coordinates;
    a2.forEach((t3) => {
      t3[0] = L(t3[0], this.coordinatePrecision), t3[1] = L(t3[1], this.coordinatePrecision);
    });
    const d2 = { featureId: e2, coordinateMutations: { type: ht, coordinates: "Polygon" === i2.type ? [a2] : a2 }, context: { updateType: s.Provisional } };
    let h2 = null;
    if ("Polygon" === r2.geometry.type) h2 = this.mutateFeature.updatePolygon(d2);
    else {
      if ("LineString" !== r2.geometry.type) return;
      h2 = this.mutateFeature.updateLineString(d2);
    }
    if (!h2) return false;
    const l2 = h2.geometry.coordinates;
    this.midPoints.updateAllInPlace({ featureCoordinates: l2 }), this.selectionPoints.updateAllInPlace({ featureCoordinates: l2 }), this.coordinatePoints.updateAllInPlace({ featureId: e2, featureCoordinates: l2 }), "web-mercator" === this.projection ? this.lastBearing = n2 : "globe" === this.projection && (this.lastBearing = n2 + 180);
  }
}
class Ue extends ot {
  constructor(t2, e2) {
    super(t2), this.config = void 0, this.dragCoordinateResizeBehavior = void 0, this.config = t2, this.dragCoordinateResizeBehavior = e2;
  }
  scale(t2, e2) {
    if (!this.dragCoordinateResizeBehavior.isDragging()) {
      const i2 = this.dragCoordinateResizeBehavior.getDraggableIndex(t2, e2);
      this.dragCoordinateResizeBehavior.startDragging(e2, i2);
    }
    this.dragCoordinateResizeBehavior.drag(t2, "center-fixed");
  }
  reset() {
    this.dragCoordinateResizeBehavior.stopDragging();
  }
}
function Le({ coordinates: t2, originX: e2, originY: i2, xScale: o2, yScale: n2 }) {
  1 === o2 && 1 === n2 || t2.forEach((t3) => {
    const { x: s2, y: r2 } = z(t3[0], t3[1]), a2 = e2 + (s2 - e2) * o2, d2 = i2 + (r2 - i2) * n2, { lng: h2, lat: l2 } = H(a2, d2);
    t3[0] = h2, t3[1] = l2;
  });
}
class Ae extends ot {
  constructor(t2, e2, i2, o2, n2, s2, r2) {
    super(t2), this.config = void 0, this.pixelDistance = void 0, this.selectionPoints = void 0, this.midPoints = void 0, this.coordinatePoints = void 0, this.readFeature = void 0, this.mutateFeature = void 0, this.minimumScale = 1e-4, this.draggedCoordinate = { id: null, index: -1 }, this.centerOrigin = null, this.oppositeOrigin = null, this.oppositeClosestBBoxIndex = null, this.boundingBoxMaps = { opposite: { 0: 4, 1: 5, 2: 6, 3: 7, 4: 0, 5: 1, 6: 2, 7: 3 } }, this.config = t2, this.pixelDistance = e2, this.selectionPoints = i2, this.midPoints = o2, this.coordinatePoints = n2, this.readFeature = s2, this.mutateFeature = r2;
  }
  getClosestCoordinate(t2, e2) {
    const i2 = { dist: Infinity, index: -1, isFirstOrLastPolygonCoord: false };
    let o2;
    if ("LineString" === e2.type) o2 = e2.coordinates;
    else {
      if ("Polygon" !== e2.type) return i2;
      o2 = e2.coordinates[0];
    }
    for (let n2 = 0; n2 < o2.length; n2++) {
      const s2 = this.pixelDistance.measure(t2, o2[n2]);
      if (s2 < this.pointerDistance && s2 < i2.dist) {
        const t3 = "Polygon" === e2.type && (n2 === o2.length - 1 || 0 === n2);
        i2.dist = s2, i2.index = t3 ? 0 : n2, i2.isFirstOrLastPolygonCoord = t3;
      }
    }
    return i2;
  }
  isValidDragWebMercator(t2, e2, i2) {
    switch (t2) {
      case 0:
        if (e2 <= 0 || i2 >= 0) return false;
        break;
      case 1:
        if (i2 >= 0) return false;
        break;
      case 2:
        if (e2 >= 0 || i2 >= 0) return false;
        break;
      case 3:
        if (e2 >= 0) return false;
        break;
      case 4:
        if (e2 >= 0 || i2 <= 0) return false;
        break;
      case 5:
        if (i2 <= 0) return false;
        break;
      case 6:
        if (e2 <= 0 || i2 <= 0) return false;
        break;
      case 7:
        if (e2 <= 0) return false;
    }
    return true;
  }
  getSelectedFeatureDataWebMercator() {
    if (null === this.draggedCoordinate.id || -1 === this.draggedCoordinate.index) return null;
    const t2 = this.getFeature(this.draggedCoordinate.id);
    if (!t2) return null;
    const e2 = this.getNormalisedCoordinates(t2.geometry);
    return { boundingBox: this.getBBoxWebMercator(e2), feature: t2, updatedCoords: e2, selectedCoordinate: e2[this.draggedCoordinate.index] };
  }
  centerWebMercatorDrag(t2) {
    var e2;
    const i2 = this.getSelectedFeatureDataWebMercator();
    if (!i2) return null;
    const { feature: o2, boundingBox: n2, updatedCoords: s2, selectedCoordinate: r2 } = i2, a2 = null != (e2 = this.centerOrigin) ? e2 : Re(o2);
    if (!a2 || !Number.isFinite(a2.x) || !Number.isFinite(a2.y)) return null;
    this.centerOrigin = a2;
    const d2 = z(r2[0], r2[1]), { closestBBoxIndex: h2 } = this.getIndexesWebMercator(n2, d2), l2 = z(t2.lng, t2.lat);
    return this.scaleWebMercator({ closestBBoxIndex: h2, updatedCoords: s2, webMercatorCursor: l2, webMercatorSelected: d2, webMercatorOrigin: a2 });
  }
  centerFixedWebMercatorDrag(t2) {
    var e2;
    const i2 = this.getSelectedFeatureDataWebMercator();
    if (!i2) return null;
    const { feature: o2, boundingBox: n2, updatedCoords: s2, selectedCoordinate: r2 } = i2, a2 = null != (e2 = this.centerOrigin) ? e2 : Re(o2);
    if (!a2 || !Number.isFinite(a2.x) || !Number.isFinite(a2.y)) return null;
    this.centerOrigin = a2;
    const d2 = z(r2[0], r2[1]), { closestBBoxIndex: h2 } = this.getIndexesWebMercator(n2, d2), l2 = z(t2.lng, t2.lat);
    return this.scaleFixedWebMercator({ closestBBoxIndex: h2, updatedCoords: s2, webMercatorCursor: l2, webMercatorSelected: d2, webMercatorOrigin: a2 });
  }
  scaleFixedWebMercator({ closestBBoxIndex: t2, webMercatorOrigin: e2, webMercatorSelected: i2, webMercatorCursor: o2, updatedCoords: n2 }) {
    if (!this.isValidDragWebMercator(t2, e2.x - o2.x, e2.y - o2.y)) return null;
    let s2 = Et(e2, o2) / Et(e2, i2);
    return Number.isFinite(s2) ? (s2 < this.minimumScale && (s2 = this.minimumScale), Le({ coordinates: n2, originX: e2.x, originY: e2.y, xScale: s2, yScale: s2 }), n2) : null;
  }
  oppositeFixedWebMercatorDrag(t2) {
    var e2, i2;
    const o2 = this.getSelectedFeatureDataWebMercator();
    if (!o2) return null;
    const { boundingBox: n2, updatedCoords: s2, selectedCoordinate: r2 } = o2, a2 = z(r2[0], r2[1]), d2 = this.getIndexesWebMercator(n2, a2), h2 = null != (e2 = this.oppositeClosestBBoxIndex) ? e2 : d2.closestBBoxIndex;
    this.oppositeClosestBBoxIndex = h2;
    const l2 = null != (i2 = this.oppositeOrigin) ? i2 : { x: n2[d2.oppositeBboxIndex][0], y: n2[d2.oppositeBboxIndex][1] };
    if (!Number.isFinite(l2.x) || !Number.isFinite(l2.y)) return null;
    this.oppositeOrigin = l2;
    const u2 = z(t2.lng, t2.lat);
    return this.scaleFixedWebMercator({ closestBBoxIndex: h2, updatedCoords: s2, webMercatorCursor: u2, webMercatorSelected: a2, webMercatorOrigin: l2 });
  }
  oppositeWebMercatorDrag(t2) {
    var e2, i2;
    const o2 = this.getSelectedFeatureDataWebMercator();
    if (!o2) return null;
    const { boundingBox: n2, updatedCoords: s2, selectedCoordinate: r2 } = o2, a2 = z(r2[0], r2[1]), d2 = this.getIndexesWebMercator(n2, a2), h2 = null != (e2 = this.oppositeClosestBBoxIndex) ? e2 : d2.closestBBoxIndex;
    this.oppositeClosestBBoxIndex = h2;
    const l2 = null != (i2 = this.oppositeOrigin) ? i2 : { x: n2[d2.oppositeBboxIndex][0], y: n2[d2.oppositeBboxIndex][1] };
    if (!Number.isFinite(l2.x) || !Number.isFinite(l2.y)) return null;
    this.oppositeOrigin = l2;
    const u2 = z(t2.lng, t2.lat);
    return this.scaleWebMercator({ closestBBoxIndex: h2, updatedCoords: s2, webMercatorCursor: u2, webMercatorSelected: a2, webMercatorOrigin: l2 });
  }
  scaleWebMercator({ closestBBoxIndex: t2, webMercatorOrigin: e2, webMercatorSelected: i2, webMercatorCursor: o2, updatedCoords: n2 }) {
    const s2 = e2.x - o2.x, r2 = e2.y - o2.y;
    if (!this.isValidDragWebMercator(t2, s2, r2)) return null;
    let a2 = 1;
    0 !== s2 && 1 !== t2 && 5 !== t2 && (a2 = 1 - (e2.x - i2.x - s2) / s2);
    let d2 = 1;
    return 0 !== r2 && 3 !== t2 && 7 !== t2 && (d2 = 1 - (e2.y - i2.y - r2) / r2), this.validateScale(a2, d2) ? (a2 < 0 && (a2 = this.minimumScale), d2 < 0 && (d2 = this.minimumScale), this.performWebMercatorScale(n2, e2.x, e2.y, a2, d2), n2) : null;
  }
  getFeature(t2) {
    if (null === this.draggedCoordinate.id) return null;
    const e2 = this.readFeature.getGeometry(t2);
    return "Polygon" !== e2.type && "LineString" !== e2.type ? null : { id: t2, type: "Feature", geometry: e2, properties: {} };
  }
  getNormalisedCoordinates(t2) {
    return "Polygon" === t2.type ? t2.coordinates[0] : t2.coordinates;
  }
  validateScale(t2, e2) {
    const i2 = Number.isFinite(t2) && t2 < Number.MAX_SAFE_INTEGER, o2 = Number.isFinite(e2) && e2 < Number.MAX_SAFE_INTEGER;
    return i2 && o2;
  }
  performWebMercatorScale(t2, e2, i2, o2, n2) {
    t2.forEach((t3) => {
      const { x: s2, y: r2 } = z(t3[0], t3[1]), a2 = e2 + (s2 - e2) * o2, d2 = i2 + (r2 - i2) * n2, { lng: h2, lat: l2 } = H(a2, d2);
      t3[0] = h2, t3[1] = l2;
    });
  }
  getBBoxWebMercator(t2) {
    const e2 = [Infinity, Infinity, -Infinity, -Infinity];
    (t2 = t2.map((t3) => {
      const { x: e3, y: i3 } = z(t3[0], t3[1]);
      return [e3, i3];
    })).forEach(([t3, i3]) => {
      t3 < e2[0] && (e2[0] = t3), i3 < e2[1] && (e2[1] = i3), t3 > e2[2] && (e2[2] = t3), i3 > e2[3] && (e2[3] = i3);
    });
    const [i2, o2, n2, s2] = e2;
    return [[i2, s2], [(i2 + n2) / 2, s2], [n2, s2], [n2, s2 + (o2 - s2) / 2], [n2, o2], [(i2 + n2) / 2, o2], [i2, o2], [i2, s2 + (o2 - s2) / 2]];
  }
  getIndexesWebMercator(t2, e2) {
    let i2, o2 = Infinity;
    for (let n2 = 0; n2 < t2.length; n2++) {
      const s2 = Et({ x: e2.x, y: e2.y }, { x: t2[n2][0], y: t2[n2][1] });
      s2 < o2 && (i2 = n2, o2 = s2);
    }
    if (void 0 === i2) throw new Error("No closest coordinate found");
    return { oppositeBboxIndex: this.boundingBoxMaps.opposite[i2], closestBBoxIndex: i2 };
  }
  isDragging() {
    return null !== this.draggedCoordinate.id;
  }
  startDragging(t2, e2) {
    this.draggedCoordinate = { id: t2, index: e2 }, this.centerOrigin = null, this.oppositeOrigin = null, this.oppositeClosestBBoxIndex = null;
  }
  stopDragging() {
    this.draggedCoordinate = { id: null, index: -1 }, this.centerOrigin = null, this.oppositeOrigin = null, this.oppositeClosestBBoxIndex = null;
  }
  getDraggableIndex(t2, e2) {
    const i2 = this.readFeature.getGeometry(e2), o2 = this.getClosestCoordinate(t2, i2);
    return -1 === o2.index ? -1 : o2.index;
  }
  drag(t2, e2) {
    if (null === this.draggedCoordinate.id) return false;
    const i2 = this.getFeature(this.draggedCoordinate.id);
    if (!i2) return false;
    let o2 = null;
    if ("center" === e2 ? o2 = this.centerWebMercatorDrag(t2) : "opposite" === e2 ? o2 = this.oppositeWebMercatorDrag(t2) : "center-fixed" === e2 ? o2 = this.centerFixedWebMercatorDrag(t2) : "opposite-fixed" === e2 && (o2 = this.oppositeFixedWebMercatorDrag(t2)), !o2) return false;
    for (let t3 = 0; t3 < o2.length; t3++) {
      const e3 = o2[t3];
      if (e3[0] = L(e3[0], this.coordinatePrecision), e3[1] = L(e3[1], this.coordinatePrecision), !X(e3, this.coordinatePrecision)) return false;
    }
    const n2 = i2.id;
    let r2 = null;
    if ("Polygon" === i2.geometry.type ? r2 = this.mutateFeature.updatePolygon({ featureId: n2, coordinateMutations: { type: ht, coordinates: [o2] }, context: { updateType: s.Provisional } }) : "LineString" === i2.geometry.type && (r2 = this.mutateFeature.updateLineString({ featureId: n2, coordinateMutations: { type: ht, coordinates: o2 }, context: { updateType: s.Provisional } })), !r2) return false;
    const a2 = r2.geometry.coordinates;
    return this.midPoints.updateAllInPlace({ featureCoordinates: a2 }), this.selectionPoints.updateAllInPlace({ featureCoordinates: a2 }), this.coordinatePoints.updateAllInPlace({ featureId: n2, featureCoordinates: a2 }), true;
  }
}
const Be = { deselect: M, delete: "Delete", rotate: ["Control", "r"], scale: ["Control", "s"] }, Ve = { pointerOver: b, dragStart: b, dragEnd: b, insertMidpoint: E };
class ze extends x {
  getPointerOverFeatureCursor() {
    var t2;
    return null != (t2 = this.cursors.pointerOverFeature) ? t2 : this.cursors.pointerOver;
  }
  getPointerOverCoordinateCursor() {
    var t2;
    return null != (t2 = this.cursors.pointerOverCoordinate) ? t2 : this.cursors.pointerOver;
  }
  getPointerOverResizeHandleCursor() {
    var t2;
    return null != (t2 = this.cursors.pointerOverResizeHandle) ? t2 : this.cursors.pointerOver;
  }
  constructor(t2) {
    super(t2, true), this.mode = "select", this.allowManualDeselection = true, this.allowManualSelection = true, this.dragEventThrottle = 5, this.dragEventCount = 0, this.selected = [], this.flags = {}, this.keyEvents = Be, this.cursors = Ve, this.validations = {}, this.dragTarget = { type: "none" }, this.selectionPoints = void 0, this.midPoints = void 0, this.coordinateSnap = void 0, this.featuresAtMouseEvent = void 0, this.pixelDistance = void 0, this.clickBoundingBox = void 0, this.dragFeature = void 0, this.dragCoordinate = void 0, this.rotateFeature = void 0, this.scaleFeature = void 0, this.dragCoordinateResizeFeature = void 0, this.coordinatePoints = void 0, this.lineSnap = void 0, this.mutateFeature = void 0, this.readFeature = void 0, this.updateOptions(t2);
  }
  updateOptions(e2) {
    if (super.updateOptions(e2), this.cursors = v(null == e2 ? void 0 : e2.cursors) ? t$1({}, this.cursors, e2.cursors) : Ve, C(null == e2 ? void 0 : e2.keyEvents) ? this.keyEvents = { deselect: null, delete: null, rotate: null, scale: null } : v(null == e2 ? void 0 : e2.keyEvents) && (this.keyEvents = t$1({}, this.keyEvents, e2.keyEvents)), m(null == e2 ? void 0 : e2.dragEventThrottle) && (this.dragEventThrottle = e2.dragEventThrottle), f(null == e2 ? void 0 : e2.allowManualDeselection) && (this.allowManualDeselection = e2.allowManualDeselection), f(null == e2 ? void 0 : e2.allowManualSelection) && (this.allowManualSelection = e2.allowManualSelection), v(null == e2 ? void 0 : e2.flags)) {
      this.flags = t$1({}, this.flags, e2.flags), this.validations = {};
      for (const t2 in this.flags) {
        const e3 = this.flags[t2].feature;
        e3 && e3.validation && (this.validations[t2] = e3.validation);
      }
    }
  }
  selectFeature(t2) {
    this.select(t2, false);
  }
  setSelecting() {
    if ("started" !== this._state) throw new Error("Mode must be started to move to selecting state");
    this._state = "selecting";
  }
  registerBehaviors(t2) {
    this.readFeature = new ct(t2), this.mutateFeature = new lt(t2, { validate: (t3, e2) => {
      const i2 = t3.properties.mode;
      return this.validations && this.validations[i2] ? this.validations[i2](t3, e2) : { valid: true };
    } }), this.pixelDistance = new Tt(t2), this.clickBoundingBox = new _t(t2), this.featuresAtMouseEvent = new ke(t2, this.clickBoundingBox, this.pixelDistance), this.selectionPoints = new Me(t2, this.mutateFeature), this.coordinatePoints = new mt(t2, this.readFeature, this.mutateFeature), this.midPoints = new we(t2, this.selectionPoints, this.coordinatePoints, this.mutateFeature, this.readFeature, this.pixelDistance), this.coordinateSnap = new Rt(t2, this.pixelDistance, this.clickBoundingBox), this.lineSnap = new qt(t2, this.pixelDistance, this.clickBoundingBox), this.rotateFeature = new We(t2, this.selectionPoints, this.midPoints, this.coordinatePoints, this.readFeature, this.mutateFeature), this.dragFeature = new be(t2, this.featuresAtMouseEvent, this.selectionPoints, this.midPoints, this.coordinatePoints, this.readFeature, this.mutateFeature), this.dragCoordinate = new Ne(t2, this.pixelDistance, this.selectionPoints, this.midPoints, this.coordinatePoints, this.coordinateSnap, this.lineSnap, this.readFeature, this.mutateFeature), this.dragCoordinateResizeFeature = new Ae(t2, this.pixelDistance, this.selectionPoints, this.midPoints, this.coordinatePoints, this.readFeature, this.mutateFeature), this.scaleFeature = new Ue(t2, this.dragCoordinateResizeFeature);
  }
  deselectFeature(t2) {
    this.deselect(t2);
  }
  deselect(t2) {
    this.selected.includes(t2) && (this.mutateFeature.setDeselected(this.selected), this.onDeselect(this.selected[0]), this.selected = [], this.selectionPoints.delete(), this.midPoints.delete(), this.dragTarget = { type: "none" });
  }
  deleteSelected() {
    this.selected.length && this.mutateFeature.deleteFeaturesIfPresent(this.selected), this.selected = [], this.dragTarget = { type: "none" };
  }
  clearDragTargetAndCursor() {
    this.dragTarget = { type: "none" }, this.setCursor(N);
  }
  getSelectedFlags(t2) {
    const e2 = this.readFeature.getProperties(t2), i2 = this.flags[e2.mode], o2 = null == i2 ? void 0 : i2.feature, n2 = null == o2 ? void 0 : o2.coordinates;
    return { featureFlags: o2, coordinatesFlags: n2, hasDraggableFlags: o2 && (o2.draggable || (null == n2 ? void 0 : n2.draggable) || (null == n2 ? void 0 : n2.resizable) || "object" == typeof (null == n2 ? void 0 : n2.midpoints) && n2.midpoints.draggable) };
  }
  onRightClick(t2) {
    if (!this.selectionPoints.ids.length) return;
    let e2, i2 = Infinity;
    if (this.selectionPoints.ids.forEach((o2) => {
      const n3 = this.readFeature.getGeometry(o2), s2 = this.pixelDistance.measure(t2, n3.coordinates);
      s2 < this.pointerDistance && s2 < i2 && (i2 = s2, e2 = this.readFeature.getProperties(o2));
    }), !e2) return;
    const n2 = e2.selectionPointFeatureId, r2 = e2.index, a2 = this.readFeature.getProperties(n2), d2 = this.flags[a2.mode];
    if (!(d2 && d2.feature && d2.feature.coordinates && d2.feature.coordinates.deletable)) return;
    const h2 = this.readFeature.getGeometry(n2);
    let l2;
    if ("Polygon" === h2.type) {
      if (l2 = h2.coordinates[0], l2.length <= 4) return;
    } else {
      if ("LineString" !== h2.type) return;
      if (l2 = h2.coordinates, l2.length <= 2) return;
    }
    "Polygon" !== h2.type || 0 !== r2 && r2 !== l2.length - 1 ? l2.splice(r2, 1) : (l2.shift(), l2.pop(), l2.push([l2[0][0], l2[0][1]]));
    let u2 = null;
    if ("Polygon" === h2.type ? u2 = this.mutateFeature.updatePolygon({ featureId: n2, coordinateMutations: { type: ht, coordinates: [l2] }, context: { updateType: s.Commit } }) : "LineString" === h2.type && (u2 = this.mutateFeature.updateLineString({ featureId: n2, coordinateMutations: { type: ht, coordinates: l2 }, context: { updateType: s.Commit } })), !u2) return;
    const c2 = u2.geometry.coordinates;
    this.mutateFeature.deleteFeaturesIfPresent([...this.midPoints.ids, ...this.selectionPoints.ids]), a2.coordinatePointIds && this.coordinatePoints.createOrUpdate({ featureId: n2, featureCoordinates: c2 }), this.selectionPoints.create({ featureCoordinates: c2, featureId: n2 }), d2 && d2.feature && d2.feature.coordinates && d2.feature.coordinates.midpoints && this.midPoints.create({ featureCoordinates: c2, featureId: n2 }), this.onFinish(n2, { action: o, mode: this.mode });
  }
  select(t2, e2 = true) {
    if (this.selected[0] === t2) return;
    const { mode: i2 } = this.readFeature.getProperties(t2), o2 = this.flags[i2];
    if (!o2 || !o2.feature) return;
    const n2 = this.selected[0];
    if (n2) {
      if (n2 === t2) return;
      this.deselect(n2);
    }
    e2 && this.setCursor(this.getPointerOverFeatureCursor()), this.selected = [t2], this.mutateFeature.setSelected(t2), this.onSelect(t2);
    const { type: s2, coordinates: r2 } = this.readFeature.getGeometry(t2);
    "LineString" !== s2 && "Polygon" !== s2 || r2 && o2 && o2.feature.coordinates && (this.selectionPoints.create({ featureCoordinates: r2, featureId: t2 }), o2.feature.coordinates.midpoints && this.midPoints.create({ featureCoordinates: r2, featureId: t2 }));
  }
  onLeftClick(t2) {
    const { clickedFeature: e2 } = this.featuresAtMouseEvent.find(t2, this.selected.length > 0), i2 = this.midPoints.getNearestMidPoint(t2), o2 = this.selected[0];
    if (o2) {
      var s2;
      const { featureFlags: e3 } = this.getSelectedFlags(o2);
      if (null != e3 && null != (s2 = e3.coordinates) && s2.midpoints && i2) {
        if (e3.coordinates.draggable) {
          const e4 = this.pixelDistance.measure(t2, this.readFeature.getGeometry(i2).coordinates), { dist: n2 } = this.dragCoordinate.getDraggable(t2, o2);
          if (void 0 !== n2 && e4 > n2) return;
        }
        return this.midPoints.insert({ featureId: o2, midPointId: i2 }), void this.onFinish(this.selected[0], { action: n, mode: this.mode });
      }
    }
    if (null != e2 && e2.id) this.allowManualSelection && this.select(e2.id, true);
    else if (this.selected.length && this.allowManualDeselection) return void this.deselect(this.selected[0]);
  }
  start() {
    this.setStarted(), this.setSelecting();
  }
  stop() {
    this.cleanUp(), this.setStarted(), this.setStopped();
  }
  onClick(t2) {
    "right" === t2.button && this.allowPointerEvent(this.pointerEvents.rightClick, t2) || t2.isContextMenu && this.allowPointerEvent(this.pointerEvents.contextMenu, t2) ? this.onRightClick(t2) : "left" === t2.button && this.allowPointerEvent(this.pointerEvents.leftClick, t2) && this.onLeftClick(t2);
  }
  canScale(t2) {
    return this.keyEvents.scale && this.keyEvents.scale.every((e2) => t2.heldKeys.includes(e2));
  }
  canRotate(t2) {
    return this.keyEvents.rotate && this.keyEvents.rotate.every((e2) => t2.heldKeys.includes(e2));
  }
  preventDefaultKeyEvent(t2) {
    const e2 = this.canRotate(t2), i2 = this.canScale(t2);
    (e2 || i2) && t2.preventDefault();
  }
  onKeyDown(t2) {
    this.preventDefaultKeyEvent(t2);
  }
  onKeyUp(t2) {
    if (this.preventDefaultKeyEvent(t2), this.keyEvents.delete && t2.key === this.keyEvents.delete) {
      if (!this.selected.length) return;
      const t3 = this.selected[0];
      this.onDeselect(this.selected[0]), this.coordinatePoints.deletePointsByFeatureIds([t3]), this.deleteSelected(), this.selectionPoints.delete(), this.midPoints.delete();
    } else this.keyEvents.deselect && t2.key === this.keyEvents.deselect && this.cleanUp();
  }
  cleanUp() {
    this.selected.length && this.deselect(this.selected[0]);
  }
  onDragStart(t2, e2) {
    if (!this.allowPointerEvent(this.pointerEvents.onDragStart, t2)) return;
    const i2 = this.selected[0];
    if (!i2) return;
    const { featureFlags: o2, coordinatesFlags: s2, hasDraggableFlags: r2 } = this.getSelectedFlags(i2);
    if (!r2) return;
    this.dragEventCount = 0;
    const a2 = "none" !== this.dragTarget.type && this.dragTarget.featureId === i2 ? this.dragTarget : { type: "none" }, d2 = "coordinate" === a2.type ? a2.coordinateIndex : this.dragCoordinate.getDraggableIndex(t2, i2), h2 = "resize" === a2.type ? a2.coordinateIndex : this.dragCoordinateResizeFeature.getDraggableIndex(t2, i2), l2 = (null == s2 ? void 0 : s2.resizable) && -1 !== h2, u2 = (null == s2 ? void 0 : s2.draggable) && -1 !== d2, c2 = s2 && "object" == typeof s2.midpoints && s2.midpoints.draggable, p2 = (null == o2 ? void 0 : o2.draggable) && ("feature" === a2.type || this.dragFeature.canDrag(t2, i2));
    if (l2) return this.setCursor(this.cursors.dragStart), this.dragCoordinateResizeFeature.startDragging(i2, h2), void e2(false);
    if (u2) return this.setCursor(this.cursors.dragStart), this.dragCoordinate.startDragging(i2, d2), void e2(false);
    if (c2) {
      const o3 = "midpoint" === a2.type ? a2.midPointId : this.midPoints.getNearestMidPoint(t2);
      if (this.selected.length && o3) {
        this.midPoints.insert({ featureId: i2, midPointId: o3 }), this.onFinish(this.selected[0], { action: n, mode: this.mode });
        const s3 = this.dragCoordinate.getDraggableIndex(t2, i2);
        return this.dragCoordinate.startDragging(i2, s3), void e2(false);
      }
    }
    if (p2) return this.setCursor(this.cursors.dragStart), this.dragFeature.startDragging(t2, i2), void e2(false);
    this.setCursor(N);
  }
  onDrag(t2, e2) {
    if (!this.allowPointerEvent(this.pointerEvents.onDrag, t2)) return;
    const i2 = this.selected[0];
    if (!i2) return;
    const o2 = this.readFeature.getProperties(i2), n2 = this.flags[o2.mode], s2 = true === (n2 && n2.feature && n2.feature.selfIntersectable);
    if (this.dragEventCount++, this.dragEventCount % this.dragEventThrottle != 0) {
      if (n2 && n2.feature && n2.feature.rotateable && this.canRotate(t2)) return e2(false), void this.rotateFeature.rotate(t2, i2);
      if (n2 && n2.feature && n2.feature.scaleable && this.canScale(t2)) return e2(false), void this.scaleFeature.scale(t2, i2);
      if (this.dragCoordinateResizeFeature.isDragging() && n2.feature && n2.feature.coordinates && n2.feature.coordinates.resizable) {
        if ("globe" === this.projection) throw new Error("Globe is currently unsupported projection for resizable");
        return e2(false), void this.dragCoordinateResizeFeature.drag(t2, n2.feature.coordinates.resizable);
      }
      if (this.dragCoordinate.isDragging()) {
        var r2;
        const e3 = null == (r2 = n2.feature) || null == (r2 = r2.coordinates) ? void 0 : r2.snappable;
        let i3 = { toCoordinate: false };
        return true === e3 ? i3 = { toCoordinate: true } : "object" == typeof e3 && (i3 = e3), void this.dragCoordinate.drag(t2, s2, i3);
      }
      this.dragFeature.isDragging() ? this.dragFeature.drag(t2) : e2(true);
    }
  }
  onDragEnd(t2, e2) {
    this.allowPointerEvent(this.pointerEvents.onDragEnd, t2) && (this.setCursor(this.cursors.dragEnd), this.dragCoordinate.isDragging() ? this.onFinish(this.selected[0], { mode: this.mode, action: "dragCoordinate" }) : this.dragFeature.isDragging() ? this.onFinish(this.selected[0], { mode: this.mode, action: "dragFeature" }) : this.dragCoordinateResizeFeature.isDragging() && this.onFinish(this.selected[0], { mode: this.mode, action: "dragCoordinateResize" }), this.dragCoordinate.stopDragging(), this.dragFeature.stopDragging(), this.dragCoordinateResizeFeature.stopDragging(), this.rotateFeature.reset(), this.scaleFeature.reset(), e2(true));
  }
  onMouseMove(t2) {
    const e2 = this.selected[0];
    if (!e2) return void this.clearDragTargetAndCursor();
    if (this.dragFeature.isDragging() || this.dragCoordinate.isDragging() || this.dragCoordinateResizeFeature.isDragging()) return;
    const { featureFlags: i2 } = this.getSelectedFlags(e2);
    if (!i2) return void this.clearDragTargetAndCursor();
    let o2;
    const n2 = i2.coordinates;
    if (null != n2 && n2.midpoints && (o2 = this.midPoints.getNearestMidPoint(t2), o2 && (this.dragTarget = { type: "midpoint", featureId: e2, midPointId: o2 }, this.setCursor(this.cursors.insertMidpoint))), n2 && n2.draggable) {
      const { index: i3, dist: n3 } = this.dragCoordinate.getDraggable(t2, e2);
      if (i3 > -1) {
        if (o2 && this.pixelDistance.measure(t2, this.readFeature.getGeometry(o2).coordinates) < n3) return;
        return this.dragTarget = { type: "coordinate", featureId: e2, coordinateIndex: i3 }, void this.setCursor(this.getPointerOverCoordinateCursor());
      }
    }
    if (n2 && n2.resizable) {
      const i3 = this.dragCoordinateResizeFeature.getDraggableIndex(t2, e2);
      if (i3 > -1) return this.dragTarget = { type: "resize", featureId: e2, coordinateIndex: i3 }, void this.setCursor(this.getPointerOverResizeHandleCursor());
    }
    if (i2.draggable && this.dragFeature.canDrag(t2, e2)) {
      if (o2) return;
      return this.dragTarget = { type: "feature", featureId: e2 }, void this.setCursor(this.getPointerOverFeatureCursor());
    }
    o2 || this.clearDragTargetAndCursor();
  }
  styleFeature(e2) {
    const i2 = t$1({}, { polygonFillColor: "#3f97e0", polygonOutlineColor: "#3f97e0", polygonOutlineWidth: 4, polygonOutlineOpacity: 1, polygonFillOpacity: 0.3, pointColor: "#3f97e0", pointOpacity: 1, pointOutlineColor: "#ffffff", pointOutlineOpacity: 1, pointOutlineWidth: 0, pointWidth: 6, lineStringColor: "#3f97e0", lineStringWidth: 4, lineStringOpacity: 1, zIndex: 0, markerUrl: void 0, markerHeight: void 0, markerWidth: void 0, lineStringDash: void 0 });
    if (e2.properties.mode === this.mode && "Point" === e2.geometry.type) {
      if (e2.properties[a.SELECTION_POINT]) return i2.pointColor = this.getHexColorStylingValue(this.styles.selectionPointColor, i2.pointColor, e2), i2.pointOpacity = this.getNumericStylingValue(this.styles.selectionPointOpacity, 1, e2), i2.pointOutlineColor = this.getHexColorStylingValue(this.styles.selectionPointOutlineColor, i2.pointOutlineColor, e2), i2.pointWidth = this.getNumericStylingValue(this.styles.selectionPointWidth, i2.pointWidth, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(this.styles.selectionPointOutlineOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(this.styles.selectionPointOutlineWidth, 2, e2), i2.zIndex = 30, i2;
      if (e2.properties[a.MID_POINT]) return i2.pointColor = this.getHexColorStylingValue(this.styles.midPointColor, i2.pointColor, e2), i2.pointOpacity = this.getNumericStylingValue(this.styles.midPointOpacity, 1, e2), i2.pointOutlineColor = this.getHexColorStylingValue(this.styles.midPointOutlineColor, i2.pointOutlineColor, e2), i2.pointWidth = this.getNumericStylingValue(this.styles.midPointWidth, 4, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(this.styles.midPointOutlineOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(this.styles.midPointOutlineWidth, 2, e2), i2.zIndex = 50, i2;
    } else if (e2.properties[a.SELECTED]) {
      if ("Point" === e2.geometry.type && e2.properties[d.MARKER]) return i2.markerUrl = this.getUrlStylingValue(this.styles.selectedMarkerUrl, r, e2), i2.markerHeight = this.getNumericStylingValue(this.styles.selectedMarkerHeight, 40, e2), i2.markerWidth = this.getNumericStylingValue(this.styles.selectedMarkerWidth, 32, e2), i2;
      if ("Polygon" === e2.geometry.type) return i2.polygonFillColor = this.getHexColorStylingValue(this.styles.selectedPolygonColor, i2.polygonFillColor, e2), i2.polygonOutlineWidth = this.getNumericStylingValue(this.styles.selectedPolygonOutlineWidth, i2.polygonOutlineWidth, e2), i2.polygonOutlineColor = this.getHexColorStylingValue(this.styles.selectedPolygonOutlineColor, i2.polygonOutlineColor, e2), i2.polygonOutlineOpacity = this.getNumericStylingValue(this.styles.selectedPolygonOutlineOpacity, 1, e2), i2.polygonFillOpacity = this.getNumericStylingValue(this.styles.selectedPolygonFillOpacity, i2.polygonFillOpacity, e2), i2.zIndex = h, i2;
      if ("LineString" === e2.geometry.type) return i2.lineStringColor = this.getHexColorStylingValue(this.styles.selectedLineStringColor, i2.lineStringColor, e2), i2.lineStringWidth = this.getNumericStylingValue(this.styles.selectedLineStringWidth, i2.lineStringWidth, e2), i2.lineStringOpacity = this.getNumericStylingValue(this.styles.selectedLineStringOpacity, 1, e2), i2.lineStringDash = this.getDashArrayStylingValue(this.styles.selectedLineStringDash, void 0, e2), i2.zIndex = h, i2;
      if ("Point" === e2.geometry.type) return i2.pointWidth = this.getNumericStylingValue(this.styles.selectedPointWidth, i2.pointWidth, e2), i2.pointColor = this.getHexColorStylingValue(this.styles.selectedPointColor, i2.pointColor, e2), i2.pointOpacity = this.getNumericStylingValue(this.styles.selectedPointOpacity, 1, e2), i2.pointOutlineColor = this.getHexColorStylingValue(this.styles.selectedPointOutlineColor, i2.pointOutlineColor, e2), i2.pointOutlineOpacity = this.getNumericStylingValue(this.styles.selectedPointOutlineOpacity, 1, e2), i2.pointOutlineWidth = this.getNumericStylingValue(this.styles.selectedPointOutlineWidth, i2.pointOutlineWidth, e2), i2.zIndex = h, i2;
    }
    return i2;
  }
  afterFeatureUpdated(t2) {
    if (this.selected.length && t2.id === this.selected[0]) {
      var e2, i2;
      const o2 = this.flags[t2.properties.mode];
      if (null == o2 || null == (e2 = o2.feature) || !e2.coordinates) return;
      const n2 = t2.geometry.type, s2 = t2.id;
      if (this.selectionPoints.delete(), this.midPoints.delete(), "LineString" !== n2 && "Polygon" !== n2) return;
      const r2 = t2.geometry.coordinates;
      this.selectionPoints.create({ featureCoordinates: r2, featureId: s2 }), null != o2 && null != (i2 = o2.feature) && null != (i2 = i2.coordinates) && i2.midpoints && this.midPoints.create({ featureCoordinates: r2, featureId: s2 });
    }
  }
}
class He extends O {
  constructor(...t2) {
    super(...t2), this.type = S.Static, this.mode = "static";
  }
  start() {
  }
  stop() {
  }
  onKeyUp() {
  }
  onKeyDown() {
  }
  onClick() {
  }
  onDragStart() {
  }
  onDrag() {
  }
  onDragEnd() {
  }
  onMouseMove() {
  }
  cleanUp() {
  }
  styleFeature() {
    return t$1({}, { polygonFillColor: "#3f97e0", polygonOutlineColor: "#3f97e0", polygonOutlineWidth: 4, polygonOutlineOpacity: 1, polygonFillOpacity: 0.3, pointColor: "#3f97e0", pointOpacity: 1, pointOutlineColor: "#ffffff", pointOutlineOpacity: 1, pointOutlineWidth: 0, pointWidth: 6, lineStringColor: "#3f97e0", lineStringWidth: 4, lineStringOpacity: 1, zIndex: 0, markerUrl: void 0, markerHeight: void 0, markerWidth: void 0, lineStringDash: void 0 });
  }
}
function Ge(t2, e2, i2, o2, n2) {
  for (; o2 > i2; ) {
    if (o2 - i2 > 600) {
      const s3 = o2 - i2 + 1, r3 = e2 - i2 + 1, a3 = Math.log(s3), d2 = 0.5 * Math.exp(2 * a3 / 3), h2 = 0.5 * Math.sqrt(a3 * d2 * (s3 - d2) / s3) * (r3 - s3 / 2 < 0 ? -1 : 1);
      Ge(t2, e2, Math.max(i2, Math.floor(e2 - r3 * d2 / s3 + h2)), Math.min(o2, Math.floor(e2 + (s3 - r3) * d2 / s3 + h2)), n2);
    }
    const s2 = t2[e2];
    let r2 = i2, a2 = o2;
    for (je(t2, i2, e2), n2(t2[o2], s2) > 0 && je(t2, i2, o2); r2 < a2; ) {
      for (je(t2, r2, a2), r2++, a2--; n2(t2[r2], s2) < 0; ) r2++;
      for (; n2(t2[a2], s2) > 0; ) a2--;
    }
    0 === n2(t2[i2], s2) ? je(t2, i2, a2) : (a2++, je(t2, a2, o2)), a2 <= e2 && (i2 = a2 + 1), e2 <= a2 && (o2 = a2 - 1);
  }
}
function je(t2, e2, i2) {
  const o2 = t2[e2];
  t2[e2] = t2[i2], t2[i2] = o2;
}
function Ke(t2, e2) {
  Ye(t2, 0, t2.children.length, e2, t2);
}
function Ye(t2, e2, i2, o2, n2) {
  n2 || (n2 = ii([])), n2.minX = Infinity, n2.minY = Infinity, n2.maxX = -Infinity, n2.maxY = -Infinity;
  for (let s2 = e2; s2 < i2; s2++) {
    const e3 = t2.children[s2];
    Xe(n2, t2.leaf ? o2(e3) : e3);
  }
  return n2;
}
function Xe(t2, e2) {
  return t2.minX = Math.min(t2.minX, e2.minX), t2.minY = Math.min(t2.minY, e2.minY), t2.maxX = Math.max(t2.maxX, e2.maxX), t2.maxY = Math.max(t2.maxY, e2.maxY), t2;
}
function $e(t2, e2) {
  return t2.minX - e2.minX;
}
function qe(t2, e2) {
  return t2.minY - e2.minY;
}
function Ze(t2) {
  return (t2.maxX - t2.minX) * (t2.maxY - t2.minY);
}
function Je(t2) {
  return t2.maxX - t2.minX + (t2.maxY - t2.minY);
}
function Qe(t2, e2) {
  const i2 = Math.max(t2.minX, e2.minX), o2 = Math.max(t2.minY, e2.minY), n2 = Math.min(t2.maxX, e2.maxX), s2 = Math.min(t2.maxY, e2.maxY);
  return Math.max(0, n2 - i2) * Math.max(0, s2 - o2);
}
function ti(t2, e2) {
  return t2.minX <= e2.minX && t2.minY <= e2.minY && e2.maxX <= t2.maxX && e2.maxY <= t2.maxY;
}
function ei(t2, e2) {
  return e2.minX <= t2.maxX && e2.minY <= t2.maxY && e2.maxX >= t2.minX && e2.maxY >= t2.minY;
}
function ii(t2) {
  return { children: t2, height: 1, leaf: true, minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
}
function oi(t2, e2, i2, o2, n2) {
  const s2 = [e2, i2];
  for (; s2.length; ) {
    if ((i2 = s2.pop()) - (e2 = s2.pop()) <= o2) continue;
    const r2 = e2 + Math.ceil((i2 - e2) / o2 / 2) * o2;
    Ge(t2, r2, e2, i2, n2), s2.push(e2, r2, r2, i2);
  }
}
class ni {
  constructor(t2) {
    this._maxEntries = void 0, this._minEntries = void 0, this.data = void 0, this._maxEntries = Math.max(4, t2), this._minEntries = Math.max(2, Math.ceil(0.4 * this._maxEntries)), this.clear();
  }
  search(t2) {
    let e2 = this.data;
    const i2 = [];
    if (!ei(t2, e2)) return i2;
    const o2 = this.toBBox, n2 = [];
    for (; e2; ) {
      for (let s2 = 0; s2 < e2.children.length; s2++) {
        const r2 = e2.children[s2], a2 = e2.leaf ? o2(r2) : r2;
        ei(t2, a2) && (e2.leaf ? i2.push(r2) : ti(t2, a2) ? this._all(r2, i2) : n2.push(r2));
      }
      e2 = n2.pop();
    }
    return i2;
  }
  collides(t2) {
    let e2 = this.data;
    if (ei(t2, e2)) {
      const i2 = [];
      for (; e2; ) {
        for (let o2 = 0; o2 < e2.children.length; o2++) {
          const n2 = e2.children[o2], s2 = e2.leaf ? this.toBBox(n2) : n2;
          if (ei(t2, s2)) {
            if (e2.leaf || ti(t2, s2)) return true;
            i2.push(n2);
          }
        }
        e2 = i2.pop();
      }
    }
    return false;
  }
  load(t2) {
    if (t2.length < this._minEntries) {
      for (let e3 = 0; e3 < t2.length; e3++) this.insert(t2[e3]);
      return;
    }
    let e2 = this._build(t2.slice(), 0, t2.length - 1, 0);
    if (this.data.children.length) if (this.data.height === e2.height) this._splitRoot(this.data, e2);
    else {
      if (this.data.height < e2.height) {
        const t3 = this.data;
        this.data = e2, e2 = t3;
      }
      this._insert(e2, this.data.height - e2.height - 1, true);
    }
    else this.data = e2;
  }
  insert(t2) {
    this._insert(t2, this.data.height - 1);
  }
  clear() {
    this.data = ii([]);
  }
  remove(t2) {
    let e2 = this.data;
    const i2 = this.toBBox(t2), o2 = [], n2 = [];
    let s2, r2, a2 = false;
    for (; e2 || o2.length; ) {
      if (e2 || (e2 = o2.pop(), r2 = o2[o2.length - 1], s2 = n2.pop(), a2 = true), e2.leaf) {
        const i3 = e2.children.indexOf(t2);
        -1 !== i3 && (e2.children.splice(i3, 1), o2.push(e2), this._condense(o2));
      }
      a2 || e2.leaf || !ti(e2, i2) ? r2 ? (s2++, e2 = r2.children[s2], a2 = false) : e2 = null : (o2.push(e2), n2.push(s2), s2 = 0, r2 = e2, e2 = e2.children[0]);
    }
  }
  toBBox(t2) {
    return t2;
  }
  compareMinX(t2, e2) {
    return t2.minX - e2.minX;
  }
  compareMinY(t2, e2) {
    return t2.minY - e2.minY;
  }
  _all(t2, e2) {
    const i2 = [];
    for (; t2; ) t2.leaf ? e2.push(...t2.children) : i2.push(...t2.children), t2 = i2.pop();
    return e2;
  }
  _build(t2, e2, i2, o2) {
    const n2 = i2 - e2 + 1;
    let s2, r2 = this._maxEntries;
    if (n2 <= r2) return s2 = ii(t2.slice(e2, i2 + 1)), Ke(s2, this.toBBox), s2;
    o2 || (o2 = Math.ceil(Math.log(n2) / Math.log(r2)), r2 = Math.ceil(n2 / Math.pow(r2, o2 - 1))), s2 = ii([]), s2.leaf = false, s2.height = o2;
    const a2 = Math.ceil(n2 / r2), d2 = a2 * Math.ceil(Math.sqrt(r2));
    oi(t2, e2, i2, d2, this.compareMinX);
    for (let n3 = e2; n3 <= i2; n3 += d2) {
      const e3 = Math.min(n3 + d2 - 1, i2);
      oi(t2, n3, e3, a2, this.compareMinY);
      for (let i3 = n3; i3 <= e3; i3 += a2) {
        const n4 = Math.min(i3 + a2 - 1, e3);
        s2.children.push(this._build(t2, i3, n4, o2 - 1));
      }
    }
    return Ke(s2, this.toBBox), s2;
  }
  _chooseSubtree(t2, e2, i2, o2) {
    for (; o2.push(e2), !e2.leaf && o2.length - 1 !== i2; ) {
      let i3, o3 = Infinity, r2 = Infinity;
      for (let a2 = 0; a2 < e2.children.length; a2++) {
        const d2 = e2.children[a2], h2 = Ze(d2), l2 = (n2 = t2, s2 = d2, (Math.max(s2.maxX, n2.maxX) - Math.min(s2.minX, n2.minX)) * (Math.max(s2.maxY, n2.maxY) - Math.min(s2.minY, n2.minY)) - h2);
        l2 < r2 ? (r2 = l2, o3 = h2 < o3 ? h2 : o3, i3 = d2) : l2 === r2 && h2 < o3 && (o3 = h2, i3 = d2);
      }
      e2 = i3 || e2.children[0];
    }
    var n2, s2;
    return e2;
  }
  _insert(t2, e2, i2) {
    const o2 = i2 ? t2 : this.toBBox(t2), n2 = [], s2 = this._chooseSubtree(o2, this.data, e2, n2);
    for (s2.children.push(t2), Xe(s2, o2); e2 >= 0 && n2[e2].children.length > this._maxEntries; ) this._split(n2, e2), e2--;
    this._adjustParentBBoxes(o2, n2, e2);
  }
  _split(t2, e2) {
    const i2 = t2[e2], o2 = i2.children.length, n2 = this._minEntries;
    this._chooseSplitAxis(i2, n2, o2);
    const s2 = this._chooseSplitIndex(i2, n2, o2), r2 = ii(i2.children.splice(s2, i2.children.length - s2));
    r2.height = i2.height, r2.leaf = i2.leaf, Ke(i2, this.toBBox), Ke(r2, this.toBBox), e2 ? t2[e2 - 1].children.push(r2) : this._splitRoot(i2, r2);
  }
  _splitRoot(t2, e2) {
    this.data = ii([t2, e2]), this.data.height = t2.height + 1, this.data.leaf = false, Ke(this.data, this.toBBox);
  }
  _chooseSplitIndex(t2, e2, i2) {
    let o2, n2 = Infinity, s2 = Infinity;
    for (let r2 = e2; r2 <= i2 - e2; r2++) {
      const e3 = Ye(t2, 0, r2, this.toBBox), a2 = Ye(t2, r2, i2, this.toBBox), d2 = Qe(e3, a2), h2 = Ze(e3) + Ze(a2);
      d2 < n2 ? (n2 = d2, o2 = r2, s2 = h2 < s2 ? h2 : s2) : d2 === n2 && h2 < s2 && (s2 = h2, o2 = r2);
    }
    return o2 || i2 - e2;
  }
  _chooseSplitAxis(t2, e2, i2) {
    const o2 = t2.leaf ? this.compareMinX : $e, n2 = t2.leaf ? this.compareMinY : qe;
    this._allDistMargin(t2, e2, i2, o2) < this._allDistMargin(t2, e2, i2, n2) && t2.children.sort(o2);
  }
  _allDistMargin(t2, e2, i2, o2) {
    t2.children.sort(o2);
    const n2 = this.toBBox, s2 = Ye(t2, 0, e2, n2), r2 = Ye(t2, i2 - e2, i2, n2);
    let a2 = Je(s2) + Je(r2);
    for (let o3 = e2; o3 < i2 - e2; o3++) {
      const e3 = t2.children[o3];
      Xe(s2, t2.leaf ? n2(e3) : e3), a2 += Je(s2);
    }
    for (let o3 = i2 - e2 - 1; o3 >= e2; o3--) {
      const e3 = t2.children[o3];
      Xe(r2, t2.leaf ? n2(e3) : e3), a2 += Je(r2);
    }
    return a2;
  }
  _adjustParentBBoxes(t2, e2, i2) {
    for (let o2 = i2; o2 >= 0; o2--) Xe(e2[o2], t2);
  }
  _condense(t2) {
    for (let e2, i2 = t2.length - 1; i2 >= 0; i2--) 0 === t2[i2].children.length ? i2 > 0 ? (e2 = t2[i2 - 1].children, e2.splice(e2.indexOf(t2[i2]), 1)) : this.clear() : Ke(t2[i2], this.toBBox);
  }
}
class si {
  constructor(t2) {
    this.tree = void 0, this.idToNode = void 0, this.nodeToId = void 0, this.tree = new ni(t2 && t2.maxEntries ? t2.maxEntries : 9), this.idToNode = /* @__PURE__ */ new Map(), this.nodeToId = /* @__PURE__ */ new Map();
  }
  setMaps(t2, e2) {
    this.idToNode.set(t2.id, e2), this.nodeToId.set(e2, t2.id);
  }
  toBBox(t2) {
    const e2 = [], i2 = [];
    let o2;
    if ("Polygon" === t2.geometry.type) o2 = t2.geometry.coordinates[0];
    else if ("LineString" === t2.geometry.type) o2 = t2.geometry.coordinates;
    else {
      if ("Point" !== t2.geometry.type) throw new Error("Not a valid feature to turn into a bounding box");
      o2 = [t2.geometry.coordinates];
    }
    for (let t3 = 0; t3 < o2.length; t3++) i2.push(o2[t3][1]), e2.push(o2[t3][0]);
    const n2 = Math.min(...i2), s2 = Math.max(...i2);
    return { minX: Math.min(...e2), minY: n2, maxX: Math.max(...e2), maxY: s2 };
  }
  insert(t2) {
    if (this.idToNode.get(String(t2.id))) throw new Error("Feature already exists");
    const e2 = this.toBBox(t2);
    this.setMaps(t2, e2), this.tree.insert(e2);
  }
  load(t2) {
    const e2 = [], i2 = /* @__PURE__ */ new Set();
    t2.forEach((t3) => {
      const o2 = this.toBBox(t3);
      if (this.setMaps(t3, o2), i2.has(String(t3.id))) throw new Error(`Duplicate feature ID found ${t3.id}`);
      i2.add(String(t3.id)), e2.push(o2);
    }), this.tree.load(e2);
  }
  update(t2) {
    this.remove(t2.id);
    const e2 = this.toBBox(t2);
    this.setMaps(t2, e2), this.tree.insert(e2);
  }
  remove(t2) {
    const e2 = this.idToNode.get(t2);
    if (!e2) throw new Error(`${t2} not inserted into the spatial index`);
    this.tree.remove(e2);
  }
  clear() {
    this.tree.clear();
  }
  search(t2) {
    return this.tree.search(this.toBBox(t2)).map((t3) => this.nodeToId.get(t3));
  }
  collides(t2) {
    return this.tree.collides(this.toBBox(t2));
  }
}
const ri = { getId: () => "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, function(t2) {
  const e2 = 16 * Math.random() | 0;
  return ("x" == t2 ? e2 : 3 & e2 | 8).toString(16);
}), isValidId: (t2) => "string" == typeof t2 && 36 === t2.length }, ai = { target: "geometry" }, di = { target: "properties" };
class hi {
  constructor(t2) {
    this.idStrategy = void 0, this.tracked = void 0, this.spatialIndex = void 0, this.store = void 0, this._onChange = () => {
    }, this.store = {}, this.spatialIndex = new si(), this.tracked = !t2 || false !== t2.tracked, this.idStrategy = t2 && t2.idStrategy ? t2.idStrategy : ri;
  }
  clone(t2) {
    return JSON.parse(JSON.stringify(t2));
  }
  getId() {
    return this.idStrategy.getId();
  }
  has(t2) {
    return Boolean(this.store[t2]);
  }
  load(t2, e2, i2, o2) {
    if (0 === t2.length) return [];
    let n2 = this.clone(t2);
    const s2 = [], r2 = [];
    n2 = n2.filter((t3) => {
      null == t3.id && (t3.id = this.idStrategy.getId());
      const i3 = t3.id;
      if (e2) {
        const o3 = e2(t3);
        if (!o3.valid) return s2.push({ id: i3, valid: false, reason: o3.reason }), false;
      }
      if (this.tracked) {
        if (t3.properties.createdAt) {
          if (!p(t3.properties.createdAt)) return s2.push({ id: t3.id, valid: false, reason: "createdAt is not a valid numeric timestamp" }), false;
        } else t3.properties.createdAt = +/* @__PURE__ */ new Date();
        if (t3.properties.updatedAt) {
          if (!p(t3.properties.updatedAt)) return s2.push({ id: t3.id, valid: false, reason: "updatedAt is not a valid numeric timestamp" }), false;
        } else t3.properties.updatedAt = +/* @__PURE__ */ new Date();
      }
      return this.has(i3) ? (s2.push({ id: i3, valid: false, reason: `Feature already exists with this id: ${i3}` }), false) : (this.store[i3] = t3, r2.push(t3), s2.push({ id: i3, valid: true }), true);
    }), this.spatialIndex.load(n2);
    const a2 = r2.map(({ id: t3 }) => t3);
    return a2.length > 0 && (this._onChange(a2, "create", o2), i2 && r2.forEach((t3) => {
      i2(t3);
    })), s2;
  }
  search(t2, e2) {
    const i2 = this.spatialIndex.search(t2).map((t3) => this.store[t3]);
    return this.clone(e2 ? i2.filter(e2) : i2);
  }
  registerOnChange(t2) {
    this._onChange = (e2, i2, o2) => {
      t2(e2, i2, o2);
    };
  }
  getGeometryCopy(t2) {
    const e2 = this.store[t2];
    if (!e2) throw new Error(`No feature with this id (${t2}), can not get geometry copy`);
    return this.clone(e2.geometry);
  }
  getPropertiesCopy(t2) {
    const e2 = this.store[t2];
    if (!e2) throw new Error(`No feature with this id (${t2}), can not get properties copy`);
    return this.clone(e2.properties);
  }
  updateProperty(e2, i2) {
    const o2 = /* @__PURE__ */ new Set();
    e2.forEach(({ id: t2, property: e3, value: i3 }) => {
      const n2 = this.store[t2];
      if (!n2) throw new Error(`No feature with this (${t2}), can not update geometry`);
      n2.properties[e3] !== i3 && (o2.add(t2), void 0 === i3 ? delete n2.properties[e3] : n2.properties[e3] = i3, this.tracked && (n2.properties.updatedAt = +/* @__PURE__ */ new Date()));
    }), this._onChange && o2.size > 0 && this._onChange(Array.from(o2), "update", i2 ? t$1({}, i2, di) : di);
  }
  updateGeometry(e2, i2) {
    const o2 = /* @__PURE__ */ new Set();
    e2.forEach(({ id: t2, geometry: e3 }) => {
      o2.add(t2);
      const i3 = this.store[t2];
      if (!i3) throw new Error(`No feature with this (${t2}), can not update geometry`);
      i3.geometry = this.clone(e3), this.spatialIndex.update(i3), this.tracked && (i3.properties.updatedAt = +/* @__PURE__ */ new Date());
    }), this._onChange && o2.size > 0 && this._onChange(Array.from(o2), "update", i2 ? t$1({}, i2, ai) : ai);
  }
  create(e2, i2) {
    const o2 = [];
    return e2.forEach(({ geometry: e3, properties: i3 }) => {
      let n2, s2 = t$1({}, i3);
      this.tracked && (n2 = +/* @__PURE__ */ new Date(), i3 ? (s2.createdAt = "number" == typeof i3.createdAt ? i3.createdAt : n2, s2.updatedAt = "number" == typeof i3.updatedAt ? i3.updatedAt : n2) : s2 = { createdAt: n2, updatedAt: n2 });
      const r2 = this.getId(), a2 = { id: r2, type: "Feature", geometry: e3, properties: s2 };
      this.store[r2] = a2, this.spatialIndex.insert(a2), o2.push(r2);
    }), this._onChange && this._onChange([...o2], "create", i2), o2;
  }
  delete(t2, e2) {
    t2.forEach((t3) => {
      if (!this.store[t3]) throw new Error(`No feature with id ${t3}, can not delete`);
      delete this.store[t3], this.spatialIndex.remove(t3);
    }), this._onChange && this._onChange([...t2], "delete", e2);
  }
  copy(t2) {
    return this.clone(this.store[t2]);
  }
  copyAll() {
    return this.clone(Object.keys(this.store).map((t2) => this.store[t2]));
  }
  copyAllWhere(t2) {
    return this.clone(Object.keys(this.store).map((t3) => this.store[t3]).filter((e2) => e2.properties && t2(e2.properties)));
  }
  clear(t2) {
    const e2 = Object.keys(this.store);
    this.store = {}, this.spatialIndex.clear(), this._onChange(e2, "delete", t2);
  }
  size() {
    return Object.keys(this.store).length;
  }
}
class Ni {
  constructor({ name: t2, callback: e2, unregister: i2, register: o2 }) {
    this.name = void 0, this.callback = void 0, this.registered = false, this.register = void 0, this.unregister = void 0, this.name = t2, this.register = () => {
      this.registered || (this.registered = true, o2(e2));
    }, this.unregister = () => {
      this.register && (this.registered = false, i2(e2));
    }, this.callback = e2;
  }
}
var _i = { __proto__: null, TerraDrawBaseAdapter: class {
  constructor(t2) {
    this._nextKeyUpIsContextMenu = false, this._lastPointerDownEventTarget = void 0, this._ignoreMismatchedPointerEvents = false, this._minPixelDragDistance = void 0, this._minPixelDragDistanceDrawing = void 0, this._minPixelDragDistanceSelecting = void 0, this._lastDrawEvent = void 0, this._coordinatePrecision = void 0, this._heldKeys = /* @__PURE__ */ new Set(), this._listeners = [], this._dragState = "not-dragging", this._currentModeCallbacks = void 0, this._ignoreMismatchedPointerEvents = "boolean" == typeof t2.ignoreMismatchedPointerEvents && t2.ignoreMismatchedPointerEvents, this._minPixelDragDistance = "number" == typeof t2.minPixelDragDistance ? t2.minPixelDragDistance : 1, this._minPixelDragDistanceSelecting = "number" == typeof t2.minPixelDragDistanceSelecting ? t2.minPixelDragDistanceSelecting : 1, this._minPixelDragDistanceDrawing = "number" == typeof t2.minPixelDragDistanceDrawing ? t2.minPixelDragDistanceDrawing : 8, this._coordinatePrecision = "number" == typeof t2.coordinatePrecision ? t2.coordinatePrecision : 9;
  }
  getButton(t2) {
    return -1 === t2.button ? "neither" : 0 === t2.button ? "left" : 1 === t2.button ? "middle" : 2 === t2.button ? "right" : "neither";
  }
  getMapElementXYPosition(t2) {
    const e2 = this.getMapEventElement(t2.type), { left: i2, top: o2 } = e2.getBoundingClientRect();
    return { containerX: t2.clientX - i2, containerY: t2.clientY - o2 };
  }
  getDrawEventFromEvent(t2, e2 = false) {
    const i2 = this.getLngLatFromEvent(t2);
    if (!i2) return null;
    const { lng: o2, lat: n2 } = i2, { containerX: s2, containerY: r2 } = this.getMapElementXYPosition(t2), a2 = this.getButton(t2), d2 = Array.from(this._heldKeys);
    return { lng: L(o2, this._coordinatePrecision), lat: L(n2, this._coordinatePrecision), containerX: s2, containerY: r2, button: a2, heldKeys: d2, isContextMenu: e2 };
  }
  register(t2) {
    this._currentModeCallbacks = t2, this._listeners = this.getAdapterListeners(), this._listeners.forEach((t3) => {
      t3.register();
    });
  }
  getCoordinatePrecision() {
    return this._coordinatePrecision;
  }
  getAdapterListeners() {
    return [new Ni({ name: "pointerdown", callback: (t2) => {
      if (!this._currentModeCallbacks) return;
      if (!t2.isPrimary) return;
      const e2 = this.getDrawEventFromEvent(t2);
      e2 && (this._dragState = "pre-dragging", this._lastDrawEvent = e2, this._lastPointerDownEventTarget = t2.target ? t2.target : void 0);
    }, register: (t2) => {
      this.getMapEventElement("pointerdown").addEventListener("pointerdown", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("pointerdown").removeEventListener("pointerdown", t2);
    } }), new Ni({ name: "pointermove", callback: (t2) => {
      if (!this._currentModeCallbacks) return;
      if (!t2.isPrimary) return;
      t2.preventDefault();
      const e2 = this.getDrawEventFromEvent(t2);
      if (e2) if ("not-dragging" === this._dragState) this._currentModeCallbacks.onMouseMove(e2), this._lastDrawEvent = e2;
      else if ("pre-dragging" === this._dragState) {
        if (!this._lastDrawEvent) return;
        const t3 = { x: this._lastDrawEvent.containerX, y: this._lastDrawEvent.containerY }, i2 = { x: e2.containerX, y: e2.containerY }, o2 = this._currentModeCallbacks.getState(), n2 = Et(t3, i2);
        let s2 = false;
        if (s2 = "drawing" === o2 ? n2 < this._minPixelDragDistanceDrawing : "selecting" === o2 ? n2 < this._minPixelDragDistanceSelecting : n2 < this._minPixelDragDistance, s2) return;
        this._nextKeyUpIsContextMenu = false, this._dragState = "dragging", this._currentModeCallbacks.onDragStart(e2, (t4) => {
          this.setDraggability.bind(this)(t4);
        });
      } else "dragging" === this._dragState && this._currentModeCallbacks.onDrag(e2, (t3) => {
        this.setDraggability.bind(this)(t3);
      });
    }, register: (t2) => {
      this.getMapEventElement("pointermove").addEventListener("pointermove", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("pointermove").removeEventListener("pointermove", t2);
    } }), new Ni({ name: "contextmenu", callback: (t2) => {
      this._currentModeCallbacks && (t2.preventDefault(), this._nextKeyUpIsContextMenu = true);
    }, register: (t2) => {
      this.getMapEventElement("contextmenu").addEventListener("contextmenu", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("contextmenu").removeEventListener("contextmenu", t2);
    } }), new Ni({ name: "pointerup", callback: (t2) => {
      if (!this._currentModeCallbacks) return;
      if (t2.target !== this.getMapEventElement("pointerup")) return;
      if (this._ignoreMismatchedPointerEvents && this._lastPointerDownEventTarget !== t2.target) return;
      if (this._lastPointerDownEventTarget = void 0, !t2.isPrimary) return;
      const e2 = this.getDrawEventFromEvent(t2);
      e2 && ("dragging" === this._dragState ? this._currentModeCallbacks.onDragEnd(e2, (t3) => {
        this.setDraggability.bind(this)(t3);
      }) : "not-dragging" !== this._dragState && "pre-dragging" !== this._dragState || (this._nextKeyUpIsContextMenu && (e2.isContextMenu = true, this._nextKeyUpIsContextMenu = false), this._currentModeCallbacks.onClick(e2)), this._dragState = "not-dragging", this.setDraggability(true));
    }, register: (t2) => {
      this.getMapEventElement("pointerup").addEventListener("pointerup", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("pointerup").removeEventListener("pointerup", t2);
    } }), new Ni({ name: "keyup", callback: (t2) => {
      this._currentModeCallbacks && (this._heldKeys.delete(t2.key), this._currentModeCallbacks.onKeyUp({ key: t2.key, heldKeys: Array.from(this._heldKeys), preventDefault: () => t2.preventDefault() }));
    }, register: (t2) => {
      this.getMapEventElement("keyup").addEventListener("keyup", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("keyup").removeEventListener("keyup", t2);
    } }), new Ni({ name: "keydown", callback: (t2) => {
      this._currentModeCallbacks && (this._heldKeys.add(t2.key), this._currentModeCallbacks.onKeyDown({ key: t2.key, heldKeys: Array.from(this._heldKeys), preventDefault: () => t2.preventDefault() }));
    }, register: (t2) => {
      this.getMapEventElement("keydown").addEventListener("keydown", t2);
    }, unregister: (t2) => {
      this.getMapEventElement("keydown").removeEventListener("keydown", t2);
    } })];
  }
  unregister() {
    this._listeners.forEach((t2) => {
      t2.unregister();
    }), this.clear(), this._currentModeCallbacks = void 0, this._lastDrawEvent = void 0, this._lastPointerDownEventTarget = void 0, this._nextKeyUpIsContextMenu = false;
  }
} };
function Li(t2) {
  if (null === t2) return true;
  if ("boolean" == typeof t2) return true;
  if ("string" == typeof t2) return true;
  if (void 0 === t2) return false;
  if ("number" == typeof t2) return Number.isFinite(t2);
  if ("bigint" == typeof t2) return false;
  if ("symbol" == typeof t2) return false;
  if ("function" == typeof t2) return false;
  if (t2 instanceof RegExp) return false;
  if (t2 instanceof Map) return false;
  if (t2 instanceof Set) return false;
  if (t2 instanceof Date) return false;
  if ("object" == typeof t2 && null !== t2 && !Array.isArray(t2)) {
    const e2 = Object.getPrototypeOf(t2);
    if (e2 !== Object.prototype && null !== e2) return false;
  }
  if (ArrayBuffer.isView(t2) && !(t2 instanceof DataView)) return false;
  if (Array.isArray(t2)) {
    for (const e2 of t2) if (!Li(e2)) return false;
  }
  return "object" == typeof t2 && Object.keys(t2).every((e2) => "string" == typeof e2 && Li(t2[e2]));
}
const Xi = "push", $i = "mode", qi = "session";
class Qi {
  constructor(t2) {
    var e2;
    this.modeLevel = void 0, this.sessionLevel = void 0, this.shouldPreferMode = void 0, this.onHistoryChange = void 0, this.shouldEmitHistoryChange = void 0, this.modeLevel = t2.modeLevel, this.sessionLevel = t2.sessionLevel, this.shouldPreferMode = t2.shouldPreferMode, this.onHistoryChange = t2.onHistoryChange, this.shouldEmitHistoryChange = null != (e2 = t2.shouldEmitHistoryChange) ? e2 : () => true;
  }
  emitStackHistoryChange(t2) {
    this.shouldEmitHistoryChange() && this.onHistoryChange && this.onHistoryChange({ cause: t2.cause, stack: t2.stack, undoSize: t2.undoStackSize, redoSize: t2.redoStackSize });
  }
  hasSessionUndo() {
    return Boolean(this.sessionLevel && this.sessionLevel.canUndo());
  }
  hasSessionRedo() {
    return Boolean(this.sessionLevel && this.sessionLevel.canRedo());
  }
  activeStackForUndo() {
    var t2, e2;
    return this.shouldPreferMode() && null != (t2 = this.modeLevel) && t2.canUndo() ? $i : this.hasSessionUndo() ? qi : null != (e2 = this.modeLevel) && e2.canUndo() ? $i : void 0;
  }
  activeStackForRedo() {
    var t2, e2;
    return this.shouldPreferMode() && null != (t2 = this.modeLevel) && t2.canRedo() ? $i : this.hasSessionRedo() ? qi : null != (e2 = this.modeLevel) && e2.canRedo() ? $i : void 0;
  }
  canUndo() {
    return void 0 !== this.activeStackForUndo();
  }
  canRedo() {
    return void 0 !== this.activeStackForRedo();
  }
  undo() {
    const t2 = this.activeStackForUndo();
    return !!t2 && (t2 === $i ? !!this.modeLevel && this.modeLevel.undo() : !(!this.sessionLevel || !this.sessionLevel.canUndo()) && this.sessionLevel.undo());
  }
  redo() {
    const t2 = this.activeStackForRedo();
    return !!t2 && (t2 === $i ? !!this.modeLevel && this.modeLevel.redo() : !(!this.sessionLevel || !this.sessionLevel.canRedo()) && this.sessionLevel.redo());
  }
  clearHistory() {
    this.modeLevel && this.modeLevel.clearHistory(), this.sessionLevel && this.sessionLevel.clearHistory();
  }
  emitHistoryPushForCompletedAction() {
    this.sessionLevel ? this.emitStackHistoryChange({ cause: Xi, undoStackSize: this.sessionLevel.undoSize(), redoStackSize: this.sessionLevel.redoSize(), stack: qi }) : this.modeLevel && this.emitStackHistoryChange({ cause: Xi, undoStackSize: this.modeLevel.undoSize(), redoStackSize: this.modeLevel.redoSize(), stack: $i });
  }
}
class to {
  constructor(e2) {
    var i2, o2, n2, s2;
    this._modes = void 0, this._mode = void 0, this._adapter = void 0, this._enabled = false, this._store = void 0, this._eventListeners = void 0, this._instanceSelectModes = void 0, this.sessionUndoRedoEnabled = false, this.keyboardShortcutsMatcher = void 0, this.drawingUndoRedo = void 0, this.sessionUndoRedo = void 0, this.undoRedoCoordinator = void 0, this._adapter = e2.adapter, this._instanceSelectModes = [];
    const r2 = null == e2 || null == (i2 = e2.undoRedo) ? void 0 : i2.modeLevel;
    r2 && (this.drawingUndoRedo = r2);
    const a2 = null == e2 || null == (o2 = e2.undoRedo) ? void 0 : o2.keyboardShortcuts;
    a2 && (this.keyboardShortcutsMatcher = a2), this.sessionUndoRedoEnabled = Boolean(null == e2 || null == (n2 = e2.undoRedo) ? void 0 : n2.sessionLevel);
    const d2 = null == e2 || null == (s2 = e2.undoRedo) ? void 0 : s2.sessionLevel;
    this._mode = new He();
    const h2 = /* @__PURE__ */ new Set(), l2 = e2.modes.reduce((t2, e3) => {
      if (h2.has(e3.mode)) throw new Error(`There is already a ${e3.mode} mode provided`);
      return h2.add(e3.mode), t2[e3.mode] = e3, t2;
    }, {}), u2 = Object.keys(l2);
    if (0 === u2.length) throw new Error("No modes provided");
    u2.forEach((t2) => {
      l2[t2].type === S.Select && this._instanceSelectModes.push(t2);
    }), this._modes = t$1({}, l2, { static: this._mode }), this._eventListeners = { change: [], select: [], deselect: [], finish: [], ready: [], history: [] }, this._store = new hi({ tracked: !!e2.tracked, idStrategy: e2.idStrategy ? e2.idStrategy : void 0 });
    const c2 = (t2) => {
      const e3 = [], i3 = this._store.copyAll().filter((i4) => !t2.includes(i4.id) || (e3.push(i4), false));
      return { changed: e3, unchanged: i3 };
    }, p2 = (t2, e3) => {
      var i3;
      this._enabled && (this._eventListeners.finish.forEach((i4) => {
        i4(t2, e3);
      }), null == (i3 = this.undoRedoCoordinator) || i3.emitHistoryPushForCompletedAction());
    }, g = (t2, e3, i3) => {
      if (!this._enabled) return;
      this._eventListeners.change.forEach((o4) => {
        o4(t2, e3, i3);
      }), this.emitDrawingPushIfHistoryChangedFromLastSnapshot();
      const { changed: o3, unchanged: n3 } = c2(t2);
      "create" === e3 ? this._adapter.render({ created: o3, deletedIds: [], unchanged: n3, updated: [] }, this.getModeStyles()) : "update" === e3 ? this._adapter.render({ created: [], deletedIds: [], unchanged: n3, updated: o3 }, this.getModeStyles()) : "delete" === e3 ? this._adapter.render({ created: [], deletedIds: t2, unchanged: n3, updated: [] }, this.getModeStyles()) : "styling" === e3 && this._adapter.render({ created: [], deletedIds: [], unchanged: n3, updated: [] }, this.getModeStyles());
    }, y2 = (t2) => {
      if (!this._enabled) return;
      this._eventListeners.select.forEach((e4) => {
        e4(t2);
      });
      const { changed: e3, unchanged: i3 } = c2([t2]);
      this._adapter.render({ created: [], deletedIds: [], unchanged: i3, updated: e3 }, this.getModeStyles());
    }, m2 = (t2) => {
      if (!this._enabled) return;
      this._eventListeners.deselect.forEach((e4) => {
        e4(t2);
      });
      const { changed: e3, unchanged: i3 } = c2([t2]);
      e3 && this._adapter.render({ created: [], deletedIds: [], unchanged: i3, updated: e3 }, this.getModeStyles());
    };
    Object.keys(this._modes).forEach((t2) => {
      var e3;
      this._modes[t2].register({ mode: t2, store: this._store, setCursor: this._adapter.setCursor.bind(this._adapter), project: this._adapter.project.bind(this._adapter), unproject: this._adapter.unproject.bind(this._adapter), setDoubleClickToZoom: this._adapter.setDoubleClickToZoom.bind(this._adapter), onChange: g, onSelect: y2, onDeselect: m2, onFinish: p2, coordinatePrecision: this._adapter.getCoordinatePrecision(), undoRedoMaxStackSize: null == (e3 = this.drawingUndoRedo) || null == e3.getMaxStackSize ? void 0 : e3.getMaxStackSize() });
    }), this.sessionUndoRedoEnabled && d2 && (this.sessionUndoRedo = d2, d2.register({ draw: this, onHistoryChange: (t2) => {
      var e3;
      null == (e3 = this.undoRedoCoordinator) || e3.emitStackHistoryChange(t2);
    } })), this.drawingUndoRedo && this.drawingUndoRedo.register({ getModeState: () => this.getModeState(), getModeHistorySizes: () => this.getDrawingHistorySizes(), undoMode: () => {
      this._mode.undo && this._mode.undo();
    }, redoMode: () => {
      this._mode.redo && this._mode.redo();
    }, clearModeHistory: () => {
      const t2 = this._mode;
      t2.clearHistory && t2.clearHistory();
    }, onHistoryChange: (t2) => {
      var e3;
      null == (e3 = this.undoRedoCoordinator) || e3.emitStackHistoryChange(t2);
    } }), this.undoRedoCoordinator = new Qi({ modeLevel: this.drawingUndoRedo, sessionLevel: this.sessionUndoRedo, shouldPreferMode: () => "drawing" === this.getModeState(), onHistoryChange: (t2) => {
      this._eventListeners.history.forEach((e3) => {
        e3(t2);
      });
    }, shouldEmitHistoryChange: () => this._enabled });
  }
  checkEnabled() {
    if (!this._enabled) throw new Error("Terra Draw is not enabled");
  }
  handleUndoRedoKeyboardShortcut(t2) {
    if (!this.drawingUndoRedo && !this.sessionUndoRedoEnabled) return false;
    if (!this.keyboardShortcutsMatcher) return false;
    const e2 = this.keyboardShortcutsMatcher.isUndoKeyboardShortcut(t2), i2 = this.keyboardShortcutsMatcher.isRedoKeyboardShortcut(t2);
    if (e2) {
      if (!this.canUndo()) return false;
      const e3 = this.undo();
      return e3 && t2.preventDefault(), e3;
    }
    if (i2) {
      if (!this.canRedo()) return false;
      const e3 = this.redo();
      return e3 && t2.preventDefault(), e3;
    }
    return false;
  }
  getDrawingHistorySizes() {
    return { undoSize: this._mode.undoSize && "function" == typeof this._mode.undoSize ? this._mode.undoSize() : 0, redoSize: this._mode.redoSize && "function" == typeof this._mode.redoSize ? this._mode.redoSize() : 0 };
  }
  emitDrawingPushIfHistoryChangedFromLastSnapshot() {
    this.drawingUndoRedo && this.drawingUndoRedo.emitPushIfHistoryChangedFromLastSnapshot();
  }
  emitDrawingPushIfHistoryChanged(t2) {
    this.drawingUndoRedo && this.drawingUndoRedo.emitPushIfHistoryChanged(t2);
  }
  getModeStyles() {
    const t2 = {}, e2 = this._instanceSelectModes.includes(this._mode.mode) ? this._mode.mode : void 0;
    return Object.keys(this._modes).forEach((i2) => {
      t2[i2] = (t3) => e2 && t3.properties[a.SELECTED] ? this._modes[e2].styleFeature.bind(this._modes[e2])(t3) : this._modes[i2].styleFeature.bind(this._modes[i2])(t3);
    }), t2;
  }
  featuresAtLocation({ lng: t2, lat: e2 }, i2) {
    const o2 = i2 && void 0 !== i2.pointerDistance ? i2.pointerDistance : 30, n2 = !i2 || void 0 === i2.ignoreSelectFeatures || i2.ignoreSelectFeatures, s2 = !(!i2 || void 0 === i2.ignoreCoordinatePoints) && i2.ignoreCoordinatePoints, r2 = !(!i2 || void 0 === i2.ignoreCurrentlyDrawing) && i2.ignoreCurrentlyDrawing, h2 = !(!i2 || void 0 === i2.ignoreClosingPoints) && i2.ignoreClosingPoints, l2 = !(!i2 || void 0 === i2.ignoreSnappingPoints) && i2.ignoreSnappingPoints, u2 = this._adapter.unproject.bind(this._adapter), c2 = this._adapter.project.bind(this._adapter), p2 = c2(t2, e2), g = Nt({ unproject: u2, point: p2, pointerDistance: o2 });
    return this._store.search(g).filter((u3) => {
      if (n2 && (u3.properties[a.MID_POINT] || u3.properties[a.SELECTION_POINT])) return false;
      if (s2 && u3.properties[d.COORDINATE_POINT]) return false;
      if (h2 && u3.properties[d.CLOSING_POINT]) return false;
      if (r2 && u3.properties[d.CURRENTLY_DRAWING]) return false;
      if (l2 && u3.properties[d.SNAPPING_POINT]) return false;
      if ("Point" === u3.geometry.type) {
        const t3 = u3.geometry.coordinates, e3 = c2(t3[0], t3[1]);
        return Et(p2, e3) < o2;
      }
      if ("LineString" === u3.geometry.type) {
        const t3 = u3.geometry.coordinates;
        for (let e3 = 0; e3 < t3.length - 1; e3++) {
          const i3 = t3[e3], n3 = t3[e3 + 1];
          if (De(p2, c2(i3[0], i3[1]), c2(n3[0], n3[1])) < o2) return true;
        }
        return false;
      }
      if (Ee([t2, e2], u3.geometry.coordinates)) return true;
      if (null != i2 && i2.includePolygonsWithinPointerDistance) {
        const t3 = u3.geometry.coordinates;
        for (const e3 of t3) for (let t4 = 0; t4 < e3.length - 1; t4++) {
          const i3 = e3[t4], n3 = e3[t4 + 1], s3 = c2(i3[0], i3[1]), r3 = c2(n3[0], n3[1]);
          if (De(p2, s3, r3) < o2) return true;
        }
      }
      return false;
    }).map((o3) => {
      if (null == i2 || !i2.addClosestCoordinateInfoToProperties) return o3;
      let n3;
      if ("Polygon" === o3.geometry.type) n3 = o3.geometry.coordinates[0].slice(0, -1);
      else {
        if ("LineString" !== o3.geometry.type) return o3;
        n3 = o3.geometry.coordinates;
      }
      let s3, r3 = -1, a2 = Infinity;
      for (let t3 = 0; t3 < n3.length; t3++) {
        const e3 = n3[t3], i3 = Et(c2(e3[0], e3[1]), p2);
        i3 < a2 && (r3 = t3, a2 = i3, s3 = e3);
      }
      return o3.properties.closestCoordinateIndexToEvent = r3, o3.properties.closestCoordinatePixelDistanceToEvent = a2, o3.properties.closestCoordinateDistanceKmToEvent = _(s3, [t2, e2]), o3;
    });
  }
  getSelectModeOrThrow(t2 = void 0) {
    const e2 = this.getSelectMode({ switchToSelectMode: true, selectMode: t2 });
    if (!e2) throw new Error("No select mode defined in instance");
    return e2;
  }
  getSelectMode({ switchToSelectMode: t2, selectMode: e2 }) {
    this.checkEnabled();
    const i2 = this.getMode();
    if (0 === this._instanceSelectModes.length) return null;
    if (void 0 !== e2 && !this._instanceSelectModes.includes(e2)) throw new Error(`No select mode with this name present: ${e2}`);
    let o2;
    return o2 = void 0 !== e2 ? e2 : this._instanceSelectModes.includes(i2) ? i2 : this._instanceSelectModes[0], t2 && i2 !== o2 && this.setMode(o2), this._modes[o2];
  }
  isGuidanceFeature(t2) {
    return Boolean(t2.properties[a.MID_POINT] || t2.properties[a.SELECTION_POINT] || t2.properties[d.COORDINATE_POINT] || t2.properties[d.SNAPPING_POINT]);
  }
  setModeStyles(t2, e2) {
    if (this.checkEnabled(), !this._modes[t2]) throw new Error("No mode with this name present");
    this._modes[t2].styles = e2;
  }
  updateModeOptions(t2, e2) {
    if (this.checkEnabled(), !this._modes[t2]) throw new Error("No mode with this name present");
    this._modes[t2].updateOptions(e2);
  }
  getSnapshot() {
    return this._store.copyAll();
  }
  getSnapshotFeature(t2) {
    if (this._store.has(t2)) return this._store.copy(t2);
  }
  clear() {
    this.checkEnabled(), this._adapter.clear();
  }
  get enabled() {
    return this._enabled;
  }
  set enabled(t2) {
    throw new Error("Enabled is read only");
  }
  getMode() {
    return this._mode.mode;
  }
  getModeState() {
    return this._mode.state;
  }
  setMode(t2) {
    if (this.checkEnabled(), !this._modes[t2]) throw new Error("No mode with this name present");
    this._mode.stop(), this._mode = this._modes[t2], this._mode.start();
  }
  removeFeatures(t2) {
    this.checkEnabled();
    const e2 = [], i2 = [];
    let o2;
    t2.forEach((t3) => {
      if (!this._store.has(t3)) throw new Error(`No feature with id ${t3}, can not delete`);
      const n2 = this._store.getPropertiesCopy(t3);
      n2[a.SELECTED] && this.deselectFeature(t3), n2[d.CURRENTLY_DRAWING] && this._modes[n2.mode] ? o2 = n2.mode : (n2[d.COORDINATE_POINT_IDS] && e2.push(...n2[d.COORDINATE_POINT_IDS]), i2.push(t3));
    }), this._store.delete([...i2, ...e2], { origin: "api" }), o2 && this._modes[o2] && this._modes[o2].cleanUp() && this._modes[o2].cleanUp();
  }
  selectFeature(t2, e2) {
    this.getSelectModeOrThrow(e2).selectFeature(t2);
  }
  deselectFeature(t2) {
    this.getSelectModeOrThrow().deselectFeature(t2);
  }
  getFeatureId() {
    return this._store.getId();
  }
  hasFeature(t2) {
    return this._store.has(t2);
  }
  checkIsReservedProperty(t2) {
    return ![...Object.values(a), ...Object.values(d)].includes(t2);
  }
  updateFeatureProperties(t2, e2) {
    var i2;
    if (!this._store.has(t2)) throw new Error(`No feature with id ${t2} present in store`);
    const o2 = this._store.copy(t2);
    if (this.isGuidanceFeature(o2)) throw new Error("Guidance features are not allowed to be updated directly.");
    const n2 = o2.properties.mode;
    if (!this._modes[n2]) throw new Error(`No mode with name ${n2} present in instance`);
    const s2 = Object.entries(e2);
    s2.forEach(([t3, e3]) => {
      if (!this.checkIsReservedProperty(t3)) throw new Error(`You are trying to update a reserved property name: ${t3}. Please choose another name.`);
      if (void 0 !== e3 && !Li(e3)) throw new Error(`Invalid JSON value provided for property ${t3}`);
    }), this._store.updateProperty(s2.map(([t3, e3]) => ({ id: o2.id, property: t3, value: e3 })), { origin: "api" }), null == (i2 = this.undoRedoCoordinator) || i2.emitHistoryPushForCompletedAction();
  }
  updateFeatureGeometry(e2, i2) {
    var o2;
    if (!this._store.has(e2)) throw new Error(`No feature with id ${e2} present in store`);
    const n2 = this._store.copy(e2);
    if (this.isGuidanceFeature(n2)) throw new Error("Guidance features are not allowed to be updated directly.");
    if (!(n2 && i2 && i2.type && i2.coordinates)) throw new Error("Invalid geometry provided");
    if (i2.type !== n2.geometry.type) throw new Error(`Geometry type mismatch: expected ${n2.geometry.type}, got ${i2.type}`);
    const s2 = n2.properties.mode, r2 = this._modes[s2];
    if (!r2) throw new Error(`No mode with name ${s2} present in instance`);
    const d2 = t$1({}, n2, { geometry: i2 }), h2 = r2.validateFeature(d2);
    if (!h2.valid) throw new Error(`Feature validation failed: ${h2.reason || "Unknown reason"}`);
    if (this._store.updateGeometry([{ id: n2.id, geometry: i2 }], { origin: "api" }), r2.afterFeatureUpdated) {
      r2.afterFeatureUpdated(d2);
      const t2 = d2.properties[a.SELECTED], e3 = this.getSelectMode({ switchToSelectMode: false });
      e3 && t2 && e3.afterFeatureUpdated(d2);
    }
    null == (o2 = this.undoRedoCoordinator) || o2.emitHistoryPushForCompletedAction();
  }
  transformFeatureGeometry(t2, e2) {
    var i2;
    if (!this._store.has(t2)) throw new Error(`No feature with id ${t2} present in store`);
    let o2 = this._store.copy(t2);
    if (this.isGuidanceFeature(o2)) throw new Error("Guidance features are not allowed to be updated directly.");
    const n2 = o2.properties.mode, s2 = this._modes[n2];
    if (!s2) throw new Error(`No mode with name ${n2} present in instance`);
    let r2;
    if ("Polygon" === o2.geometry.type) r2 = o2.geometry.coordinates[0];
    else {
      if ("LineString" !== o2.geometry.type) throw new Error(`Feature geometry type ${o2.geometry.type} is not supported for transformation`);
      r2 = o2.geometry.coordinates;
    }
    if ("web-mercator" != e2.projection) throw new Error(`Projection ${e2.projection} is not currently supported for transformation`);
    if ("scale" === e2.type) {
      const { x: t3, y: i3 } = z(e2.origin[0], e2.origin[1]);
      Le({ coordinates: r2, originX: t3, originY: i3, xScale: e2.options.xScale || 1, yScale: e2.options.yScale || 1 });
    } else "rotate" === e2.type && (o2 = Te(o2, e2.options.angle || 0), r2 = "Polygon" === o2.geometry.type ? o2.geometry.coordinates[0] : o2.geometry.coordinates);
    if (r2 = r2.map((t3) => [L(t3[0], this._adapter.getCoordinatePrecision()), L(t3[1], this._adapter.getCoordinatePrecision())]), o2.geometry.coordinates = "Polygon" === o2.geometry.type ? [r2] : r2, this._store.updateGeometry([{ id: o2.id, geometry: o2.geometry }], { origin: "api" }), s2.afterFeatureUpdated) {
      s2.afterFeatureUpdated(o2);
      const t3 = o2.properties[a.SELECTED], e3 = this.getSelectMode({ switchToSelectMode: false });
      e3 && t3 && e3.afterFeatureUpdated(o2);
    }
    null == (i2 = this.undoRedoCoordinator) || i2.emitHistoryPushForCompletedAction();
  }
  undo() {
    return this.checkEnabled(), !!this.undoRedoCoordinator && this.undoRedoCoordinator.undo();
  }
  canUndo() {
    return this.checkEnabled(), !!this.undoRedoCoordinator && this.undoRedoCoordinator.canUndo();
  }
  canRedo() {
    return this.checkEnabled(), !!this.undoRedoCoordinator && this.undoRedoCoordinator.canRedo();
  }
  redo() {
    return this.checkEnabled(), !!this.undoRedoCoordinator && this.undoRedoCoordinator.redo();
  }
  clearUndoRedoHistory() {
    this.checkEnabled(), this.undoRedoCoordinator && this.undoRedoCoordinator.clearHistory();
  }
  addFeatures(t2) {
    return this.checkEnabled(), 0 === t2.length ? [] : this._store.load(t2, (t3) => {
      if (c(t3)) {
        const e2 = t3.properties.mode, i2 = this._modes[e2];
        if (!i2) return { id: t3.id, valid: false, reason: `${e2} mode is not in the list of instantiated modes` };
        const o2 = i2.validateFeature.bind(i2)(t3);
        return { id: t3.id, valid: o2.valid, reason: o2.reason ? o2.reason : o2.valid ? void 0 : "Feature is invalid" };
      }
      return { id: t3.id, valid: false, reason: "Mode property does not exist" };
    }, (t3) => {
      if (c(t3)) {
        const e2 = this._modes[t3.properties.mode];
        e2 && e2.afterFeatureAdded && e2.afterFeatureAdded(t3);
      }
    }, { origin: "api" });
  }
  start() {
    this._enabled || (this._enabled = true, this._adapter.register({ onReady: () => {
      this._eventListeners.ready.forEach((t2) => {
        t2();
      });
    }, getState: () => this._mode.state, onClick: (t2) => {
      const e2 = this.drawingUndoRedo ? this.drawingUndoRedo.getHistorySizes() : { undoSize: 0, redoSize: 0 };
      this._mode.onClick(t2), this.emitDrawingPushIfHistoryChanged(e2);
    }, onMouseMove: (t2) => {
      this._mode.onMouseMove(t2);
    }, onKeyDown: (t2) => {
      this.handleUndoRedoKeyboardShortcut(t2) || this._mode.onKeyDown(t2);
    }, onKeyUp: (t2) => {
      const e2 = this.drawingUndoRedo ? this.drawingUndoRedo.getHistorySizes() : { undoSize: 0, redoSize: 0 };
      this._mode.onKeyUp(t2), this.emitDrawingPushIfHistoryChanged(e2);
    }, onDragStart: (t2, e2) => {
      this._mode.onDragStart(t2, e2);
    }, onDrag: (t2, e2) => {
      this._mode.onDrag(t2, e2);
    }, onDragEnd: (t2, e2) => {
      this._mode.onDragEnd(t2, e2);
    }, onClear: () => {
      this._mode.cleanUp(), this._store.clear({ origin: "api" });
    } }));
  }
  getFeaturesAtLngLat(t2, e2) {
    const { lng: i2, lat: o2 } = t2;
    return this.featuresAtLocation({ lng: i2, lat: o2 }, e2);
  }
  getFeaturesAtPointerEvent(t2, e2) {
    const i2 = this._adapter.getLngLatFromEvent.bind(this._adapter)(t2);
    return null === i2 ? [] : this.featuresAtLocation(i2, e2);
  }
  stop() {
    this._enabled && (this._enabled = false, this._adapter.unregister());
  }
  on(t2, e2) {
    const i2 = this._eventListeners[t2];
    i2.includes(e2) || i2.push(e2);
  }
  off(t2, e2) {
    const i2 = this._eventListeners[t2];
    i2.includes(e2) && i2.splice(i2.indexOf(e2), 1);
  }
}
function t() {
  return t = Object.assign ? Object.assign.bind() : function(e2) {
    for (var t2 = 1; t2 < arguments.length; t2++) {
      var i2 = arguments[t2];
      for (var n2 in i2) ({}).hasOwnProperty.call(i2, n2) && (e2[n2] = i2[n2]);
    }
    return e2;
  }, t.apply(null, arguments);
}
class i extends _i.TerraDrawBaseAdapter {
  constructor(e2) {
    super(e2), this._renderBeforeLayerId = void 0, this._prefixId = void 0, this._initialDragPan = void 0, this._initialDragRotate = void 0, this._nextRender = void 0, this._map = void 0, this._container = void 0, this.changedIds = { deletion: false, points: false, linestrings: false, polygons: false, styling: false }, this._map = e2.map, this._container = this._map.getContainer(), this._initialDragRotate = this._map.dragRotate.isEnabled(), this._initialDragPan = this._map.dragPan.isEnabled(), this._renderBeforeLayerId = e2.renderBelowLayerId, this._prefixId = e2.prefixId || "td";
  }
  hashCode(e2) {
    let t2 = 0;
    for (let i2 = 0; i2 < e2.length; i2++) t2 = (t2 << 5) - t2 + e2.charCodeAt(i2), t2 |= 0;
    return Math.abs(t2);
  }
  resizeImage(e2, t2, i2, n2) {
    const r2 = new Image();
    r2.crossOrigin = "anonymous", r2.onload = () => {
      const e3 = document.createElement("canvas");
      e3.width = t2, e3.height = i2;
      const a2 = e3.getContext("2d");
      if (!a2) throw new Error("Could not get canvas context");
      a2.drawImage(r2, 0, 0, t2, i2);
      const o2 = e3.toDataURL();
      n2(o2);
    }, r2.src = e2;
  }
  toGlDashArrayFromPixels(e2, t2) {
    if (!e2) return null;
    const [i2, n2] = e2;
    if (!Number.isFinite(i2) || !Number.isFinite(n2) || i2 < 0 || n2 < 0) return null;
    const r2 = Math.max(1e-4, t2);
    return [i2 / r2, n2 / r2];
  }
  isMapLibreAtLeast(e2) {
    const t2 = this._map.version;
    if (!t2) return false;
    const i2 = (e3) => {
      const t3 = e3.match(/(\d+)\.(\d+)\.(\d+)/);
      return t3 ? [parseInt(t3[1], 10), parseInt(t3[2], 10), parseInt(t3[3], 10)] : null;
    }, n2 = i2(t2), r2 = i2(e2);
    if (!n2 || !r2) return true;
    const [a2, o2, s2] = n2, [l2, d2, h2] = r2;
    return a2 !== l2 ? a2 > l2 : o2 !== d2 ? o2 > d2 : s2 >= h2;
  }
  _addGeoJSONSource(e2, t2) {
    this._map.addSource(e2, { type: "geojson", data: { type: "FeatureCollection", features: t2 }, tolerance: 0 });
  }
  _addFillLayer(e2) {
    return this._map.addLayer({ id: e2, source: e2, type: "fill", layout: { "fill-sort-key": ["get", "zIndex"] }, paint: { "fill-color": ["get", "polygonFillColor"], "fill-opacity": ["get", "polygonFillOpacity"] } });
  }
  _addFillOutlineLayer(e2) {
    return this._map.addLayer({ id: e2 + "-outline", source: e2, type: "line", layout: { "line-sort-key": ["get", "zIndex"] }, paint: { "line-width": ["get", "polygonOutlineWidth"], "line-color": ["get", "polygonOutlineColor"], "line-opacity": ["get", "polygonOutlineOpacity"] } });
  }
  _addLineLayer(e2) {
    const i2 = {};
    return this.isMapLibreAtLeast("5.8.0") && (i2["line-dasharray"] = ["coalesce", ["get", "lineStringDash"], ["literal", [1, 0]]]), this._map.addLayer({ id: e2, source: e2, type: "line", layout: { "line-sort-key": ["get", "zIndex"] }, paint: t({}, i2, { "line-width": ["get", "lineStringWidth"], "line-color": ["get", "lineStringColor"], "line-opacity": ["get", "lineStringOpacity"] }) });
  }
  _addPointLayer(e2) {
    return this._map.addLayer({ id: e2, source: e2, type: "circle", layout: { "circle-sort-key": ["get", "zIndex"] }, paint: { "circle-stroke-color": ["get", "pointOutlineColor"], "circle-stroke-width": ["get", "pointOutlineWidth"], "circle-stroke-opacity": ["get", "pointOutlineOpacity"], "circle-radius": ["get", "pointWidth"], "circle-color": ["get", "pointColor"], "circle-opacity": ["get", "pointOpacity"] } });
  }
  _addMarkerLayer(e2) {
    return this._map.addLayer({ id: e2 + "-marker", source: e2, type: "symbol", filter: ["has", "markerId"], layout: { "icon-image": ["image", ["get", "markerId"]], "icon-anchor": "bottom", "icon-allow-overlap": true } });
  }
  _addLayer(e2, t2) {
    "Point" === t2 && (this._addPointLayer(e2), this._addMarkerLayer(e2)), "LineString" === t2 && this._addLineLayer(e2), "Polygon" === t2 && (this._addFillLayer(e2), this._addFillOutlineLayer(e2));
  }
  _addGeoJSONLayer(e2, t2) {
    const i2 = `${this._prefixId}-${e2.toLowerCase()}`;
    return this._addGeoJSONSource(i2, t2), this._addLayer(i2, e2), i2;
  }
  _setGeoJSONLayerData(e2, t2) {
    const i2 = `${this._prefixId}-${e2.toLowerCase()}`;
    return this._map.getSource(i2).setData({ type: "FeatureCollection", features: t2 }), i2;
  }
  updateChangedIds(e2) {
    [...e2.updated, ...e2.created].forEach((e3) => {
      "Point" === e3.geometry.type ? this.changedIds.points = true : "LineString" === e3.geometry.type ? this.changedIds.linestrings = true : "Polygon" === e3.geometry.type && (this.changedIds.polygons = true);
    }), e2.deletedIds.length > 0 && (this.changedIds.deletion = true), 0 === e2.created.length && 0 === e2.updated.length && 0 === e2.deletedIds.length && (this.changedIds.styling = true);
  }
  getLngLatFromEvent(e2) {
    const { left: t2, top: i2 } = this._container.getBoundingClientRect();
    return this.unproject(e2.clientX - t2, e2.clientY - i2);
  }
  getMapEventElement() {
    return this._map.getCanvas();
  }
  setDraggability(e2) {
    e2 ? (this._initialDragRotate && this._map.dragRotate.enable(), this._initialDragPan && this._map.dragPan.enable()) : (this._initialDragRotate && this._map.dragRotate.disable(), this._initialDragPan && this._map.dragPan.disable());
  }
  project(e2, t2) {
    const { x: i2, y: n2 } = this._map.project({ lng: e2, lat: t2 });
    return { x: i2, y: n2 };
  }
  unproject(e2, t2) {
    const { lng: i2, lat: n2 } = this._map.unproject({ x: e2, y: t2 });
    return { lng: i2, lat: n2 };
  }
  setCursor(e2) {
    const t2 = this._map.getCanvas();
    "unset" === e2 ? t2.style.removeProperty("cursor") : t2.style.cursor = e2;
  }
  setDoubleClickToZoom(e2) {
    e2 ? this._map.doubleClickZoom.enable() : this._map.doubleClickZoom.disable();
  }
  render(e2, t2) {
    this.updateChangedIds(e2), this._nextRender && cancelAnimationFrame(this._nextRender), this._nextRender = requestAnimationFrame(() => {
      if (!this._currentModeCallbacks) return;
      const i2 = [...e2.created, ...e2.updated, ...e2.unchanged], n2 = [], r2 = [], a2 = [];
      for (let e3 = 0; e3 < i2.length; e3++) {
        const o3 = i2[e3], { properties: s3 } = o3, l3 = t2[s3.mode](o3);
        if (s3.zIndex = l3.zIndex, s3.zIndex = l3.zIndex, "Point" === o3.geometry.type) {
          s3.pointColor = l3.pointColor, s3.pointOutlineColor = l3.pointOutlineColor, s3.pointOutlineWidth = l3.pointOutlineWidth;
          const e4 = l3.pointOutlineOpacity;
          s3.pointOutlineOpacity = void 0 === e4 ? 1 : e4, s3.pointWidth = l3.pointWidth;
          const t3 = l3.pointOpacity;
          if (s3.pointOpacity = void 0 === t3 ? 1 : t3, l3.markerUrl && l3.markerWidth && l3.markerHeight) {
            const e5 = `marker-${this.hashCode(l3.markerUrl)}`;
            this._map.hasImage(e5) || this.resizeImage(l3.markerUrl, l3.markerWidth, l3.markerHeight, (t4) => {
              this._map.loadImage(t4).then((t5) => {
                this._map.hasImage(e5) || this._map.addImage(e5, t5.data);
              });
            }), s3.markerId = e5, s3.pointWidth = 0;
          }
          n2.push(o3);
        } else if ("LineString" === o3.geometry.type) {
          s3.lineStringDash = this.toGlDashArrayFromPixels(l3.lineStringDash, l3.lineStringWidth), s3.lineStringColor = l3.lineStringColor, s3.lineStringWidth = l3.lineStringWidth;
          const e4 = l3.lineStringOpacity;
          s3.lineStringOpacity = void 0 === e4 ? 1 : e4, r2.push(o3);
        } else if ("Polygon" === o3.geometry.type) {
          const e4 = l3.polygonOutlineOpacity;
          s3.polygonFillColor = l3.polygonFillColor, s3.polygonFillOpacity = l3.polygonFillOpacity, s3.polygonOutlineOpacity = void 0 === e4 ? 1 : e4, s3.polygonOutlineColor = l3.polygonOutlineColor, s3.polygonOutlineWidth = l3.polygonOutlineWidth, a2.push(o3);
        }
      }
      const o2 = this.changedIds.deletion || this.changedIds.styling, s2 = o2 || this.changedIds.linestrings, l2 = o2 || this.changedIds.polygons;
      (o2 || this.changedIds.points) && this._setGeoJSONLayerData("Point", n2), s2 && this._setGeoJSONLayerData("LineString", r2), l2 && this._setGeoJSONLayerData("Polygon", a2), this.changedIds = { points: false, linestrings: false, polygons: false, deletion: false, styling: false };
    });
  }
  clear() {
    this._currentModeCallbacks && (this._currentModeCallbacks.onClear(), this._nextRender && (cancelAnimationFrame(this._nextRender), this._nextRender = void 0), this._setGeoJSONLayerData("Point", []), this._setGeoJSONLayerData("LineString", []), this._setGeoJSONLayerData("Polygon", []));
  }
  getCoordinatePrecision() {
    return super.getCoordinatePrecision();
  }
  unregister() {
    super.unregister(), this.changedIds = { points: false, linestrings: false, polygons: false, deletion: false, styling: false }, this._map.removeLayer(`${this._prefixId}-point`), this._map.removeLayer(`${this._prefixId}-point-marker`), this._map.removeSource(`${this._prefixId}-point`), this._map.removeLayer(`${this._prefixId}-linestring`), this._map.removeSource(`${this._prefixId}-linestring`), this._map.removeLayer(`${this._prefixId}-polygon`), this._map.removeLayer(`${this._prefixId}-polygon-outline`), this._map.removeSource(`${this._prefixId}-polygon`);
  }
  register(e2) {
    var t2;
    super.register(e2);
    const i2 = this._addGeoJSONLayer("Polygon", []), n2 = this._addGeoJSONLayer("LineString", []), r2 = this._addGeoJSONLayer("Point", []);
    var a2;
    this._renderBeforeLayerId && (this._map.moveLayer(r2, this._renderBeforeLayerId), this._map.moveLayer(n2, r2), this._map.moveLayer(`${i2}-outline`, n2), this._map.moveLayer(i2, `${i2}-outline`)), null != (t2 = this._currentModeCallbacks) && t2.onReady && (null == (a2 = this._currentModeCallbacks) || a2.onReady());
  }
}
export {
  Mt as M,
  Pe as P,
  i,
  me as m,
  to as t,
  vt as v,
  ze as z
};

// Shapes as the form writes them (CAP 1.2: "lat,lon lat,lon …" and "lat,lon km") and as maps want them (lon, lat).
export type Position = [number, number];

const EARTH_KM = 6371.0088;
const CORNERS = 64;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
const degrees = (radians: number) => (radians * 180) / Math.PI;

export interface Circle {
  centre: Position;
  km: number;
}

function pair(text: string): Position | null {
  const [lat, lon] = text.split(",").map(Number);
  return lat !== undefined && lon !== undefined && Number.isFinite(lat) && Number.isFinite(lon) ? [lon, lat] : null;
}

/** The rings written one a line; a line that is none yet is passed over. */
export function readRings(text: string): Position[][] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(pair))
    .filter((ring): ring is Position[] => ring.length >= 4 && ring.every((one) => one !== null));
}

/** The circles written one a line. */
export function readCircles(text: string): Circle[] {
  return text.split("\n").flatMap((line) => {
    const [at, size] = line.trim().split(/\s+/);
    const centre = pair(at ?? "");
    const km = Number(size);
    return centre && km > 0 ? [{ centre, km }] : [];
  });
}

const written = ([lon, lat]: Position) => `${lat.toFixed(4)},${lon.toFixed(4)}`;

/** A ring as a line of the form, closed. */
export function writeRing(ring: Position[]): string {
  const points = ring.map(written);
  if (points[0] !== undefined && points[0] !== points.at(-1)) points.push(points[0]);
  return points.join(" ");
}

/** A circle as a line of the form. */
export function writeCircle({ centre, km }: Circle): string {
  return `${written(centre)} ${km.toFixed(km < 10 ? 2 : 1)}`;
}

/** The place so far away in a direction, on a sphere. */
export function destination([lon, lat]: Position, bearing: number, km: number): Position {
  const arc = km / EARTH_KM;
  const north = Math.asin(
    Math.sin(radians(lat)) * Math.cos(arc) + Math.cos(radians(lat)) * Math.sin(arc) * Math.cos(radians(bearing)),
  );
  const east = Math.atan2(
    Math.sin(radians(bearing)) * Math.sin(arc) * Math.cos(radians(lat)),
    Math.cos(arc) - Math.sin(radians(lat)) * Math.sin(north),
  );
  return [lon + degrees(east), degrees(north)];
}

/** A circle as a ring. */
export function ringOf({ centre, km }: Circle): Position[] {
  const ring = Array.from({ length: CORNERS + 1 }, (_, n) => destination(centre, (360 * (n % CORNERS)) / CORNERS, km));
  return ring.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
}

/** The distance of two places in km. */
export function distance([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const half = (a: number) => Math.sin(a / 2) ** 2;
  const turn = half(radians(lat2 - lat1)) + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * half(radians(lon2 - lon1));
  return 2 * EARTH_KM * Math.asin(Math.sqrt(turn));
}

/** The circle that was drawn as a ring. */
export function circleOf(ring: Position[]): Circle {
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  const middle = (all: number[]) => (Math.min(...all) + Math.max(...all)) / 2;
  const centre: Position = [middle(lons), middle(lats)];
  const far = ring.map((one) => distance(centre, one));
  return { centre, km: far.reduce((sum, one) => sum + one, 0) / far.length };
}
